"""Figures of an incident (伤亡与损失数字): who told what and when, and which one is official."""
