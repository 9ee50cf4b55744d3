# The gateway as one image for every role. Node runs the sources as they are, so there is no build step; what tests
# and checks need is left out. Must not hold configuration or secrets: mount config/, give the rest by environment.
#
#   docker build -t tongban-gateway .
#   docker run --rm -e DATABASE_URL=… tongban-gateway node src/main.ts migrate
#   docker run -d -p 7700:7700 -e DATABASE_URL=… -v /etc/tongban:/app/config:ro -v tongban:/data tongban-gateway

FROM node:26.10.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:26.10.0-slim
ENV NODE_ENV=production TONGBAN_HOST=0.0.0.0 TONGBAN_PORT=7700 TONGBAN_CONFIG=/app/config TONGBAN_DATA=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY schemas schemas
COPY adapters adapters
COPY config config
COPY src src
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 7700
STOPSIGNAL SIGTERM
# Without the role api nothing listens: run those containers with --no-healthcheck and restart them when they end.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TONGBAN_PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=128", "--no-allocation-site-pretenuring", "src/main.ts", "start"]
