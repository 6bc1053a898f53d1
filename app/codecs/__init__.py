"""Messages of warnings and emergency broadcast as bytes: CAP 1.2, 12379 XML, EBM packets. Pure.

Nothing here knows a database, a clock or a network: bytes in, a message and findings out (`check` and
`ebm.trust` open the files that they are told). A reader never
raises for what stands in the bytes; each thing wrong with them is a `Finding` that says its layer, its code
and, in Chinese and English, what to mend.
"""
