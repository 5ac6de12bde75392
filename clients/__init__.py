"""Clients of the API, generated from docs/openapi.yaml and not kept: `make clients`."""
