"""The second factor (二次验证): six digits of an app (TOTP, RFC 6238), or a code kept on paper."""
