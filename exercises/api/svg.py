"""Pictures as answers."""

from hipcare.api.renderers import AsItIsRenderer

MEDIA_TYPE = "image/svg+xml"


class SvgRenderer(AsItIsRenderer):
    """A picture."""

    media_type = MEDIA_TYPE
    format = "svg"
    charset = "utf-8"
