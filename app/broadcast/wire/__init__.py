"""The wire to platforms of emergency broadcast: GD/J 079~089-2018 and a legacy profile, server and client.

A packet comes by POST and is receipted in the same answer; what it asks for is done afterwards and told in a
new connection. Conformance with GY/T 383~394-2023 is not claimed.
"""
