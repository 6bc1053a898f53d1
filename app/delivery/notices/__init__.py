"""Notices (通知): plain words to one person, apart from any order: in the app, else by SMS."""
