<?xml version="1.0" encoding="GB18030"?>
<acknowledgement><file>410221_BJ_20261123.csv</file><sha256>8a9c022ef7e040492aa53750f2e82cf7b7f43a38fdbb4b1e8d718becd8652f9b</sha256><code>0</code><outcome>recorded</outcome><message>ok</message><time>2026-11-23 09:30:00</time><events></events></acknowledgement>
