"""API tokens (接口令牌): partners' systems and scripts, each with some of its maker's rights."""
