"""Emergency broadcast messages (应急广播): packets, archives and signatures of GD/J 079~089-2018.

What platforms say to each other is a POST with one TAR in it. `multipart` finds the TAR in the body,
`archive` its files, `packet` reads the business data, `signature` proves who sent it; `receive` walks all of
this and ends in a ResultCode of GD/J 083. The drafts before 2018, still met in the field, are a `Profile`.
GY/T 383~394-2023 is not claimed: its text was not to be had.
"""
