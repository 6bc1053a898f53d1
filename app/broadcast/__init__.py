"""Emergency broadcast (应急广播) as a business: composing, approving, stopping, and who was reached.

The wire to county platforms hangs on `ports`; nothing here knows TAR, HTTP or a signature.
"""
