"""What people say about attachments."""

from __future__ import annotations

from app.commands import Command, Line, Moment, RowId


class AttachmentIn(Command):
    """What is said of a file with its content: its name, words about it, when it was taken and told.

    `camera_id`: a picture that was taken through a camera of the catalogue.
    """

    name: Line
    caption: Line = ""
    channel: Line = "desk"
    happened_at: Moment | None = None
    told_at: Moment | None = None
    camera_id: RowId | None = None
