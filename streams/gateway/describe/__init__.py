"""The gateway described for programs: OpenAPI and AsyncAPI, made from the table of routes and the models."""
