"""The XML of China's national early-warning system 12379 (国家突发事件预警信息发布系统). It is not CAP.

It looks like CAP 1.2 but has a namespace, times, colours, references and units of its own. The official
schema (GB/T 35965.1) is not public; this follows three public texts and rules §B3, and is lenient where
they differ.
"""

from app.codecs.cn12379.notice import Notice
from app.codecs.cn12379.read import read
from app.codecs.cn12379.write import write

__all__ = ["Notice", "read", "write"]
