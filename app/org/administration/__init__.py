"""Accounts (账号) kept in the console: who may log in, as what, for which places; the logins that hold."""
