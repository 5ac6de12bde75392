"""How a rate limit is written: `600/minute`, or `none` for no limit."""

PATTERN = r"none|[1-9][0-9]{0,8}/(second|minute|hour|day)"
