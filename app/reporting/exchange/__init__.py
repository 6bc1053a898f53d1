"""Reports between houses (报告收发): sent to a system, by mail or file; received. docs/reports.md."""
