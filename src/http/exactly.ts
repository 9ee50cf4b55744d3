// A document of the schemas without members that they do not name, to any depth. What a view answers is of
// this type, so what is added to it has to be described first.

export type Exactly<T> = T extends readonly (infer I)[]
  ? readonly Exactly<I>[]
  : T extends object
    ? { [K in keyof T as string extends K ? never : K]: Exactly<T[K]> }
    : T
