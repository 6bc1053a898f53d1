"""Field phones (外勤手机): let in by a one-time link, a login of their own, ended when one is lost."""
