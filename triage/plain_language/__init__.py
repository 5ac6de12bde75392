"""Measures how hard the texts are that patients read. A tool for development: nothing that is served imports it."""
