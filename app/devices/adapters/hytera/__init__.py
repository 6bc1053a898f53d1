"""Hytera HDAP: the frame and its five services, as carried by HSTRP, HRNP or bare UDP.

The layouts are facts read from captures and five public programs, none of whose code is here; each module
says what was seen on a device and what was not. No capture of a PDT system is public: DMR only.
"""
