"""WebSocket: one connection, many subscriptions; subprotocol `liveline.v1`.

wsproto reads and checks the client's frames without doing any I/O, and the hub writes to the transport itself, as on
SSE: aiohttp's own WebSocket would keep a task, a request and a queue for each connection, and its writes wait.
"""
