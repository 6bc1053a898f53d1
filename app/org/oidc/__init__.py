"""Log in by the county's identity provider (统一身份认证, OpenID Connect), where one is configured."""
