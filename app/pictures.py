"""A picture drawn anew: what a browser is shown holds pixels and nothing else of the file that came."""

from __future__ import annotations

import io
import warnings

MOST_PIXELS = 80_000_000  # a photo of 80 megapixels; beyond it is a bomb
PICTURE_PX = 2560  # the longer side: enough to read a number plate, a tenth of the bytes


def redrawn(content: bytes, most_px: int) -> bytes | None:
    """Return a JPEG of what is to be seen, upright, its longer side at most so long; None for no picture.

    Exif with its place and maker, comments, colour profiles and whatever hangs behind the picture stay out:
    the pixels are copied onto a new canvas, what is transparent onto white.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (most_px * 2, most_px * 2))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((most_px, most_px))
            seen = upright.convert("RGBA")
            canvas = Image.new("RGB", seen.size, "white")
            canvas.paste(seen, mask=seen.getchannel("A"))
            out = io.BytesIO()
            canvas.save(out, "JPEG", quality=85)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
