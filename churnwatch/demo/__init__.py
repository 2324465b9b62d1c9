"""A synthetic agency with two years of mail, meetings, calls and invoices, to try churnwatch on and to test it with."""

from churnwatch.demo.folder import DemoFirm, build

__all__ = ["DemoFirm", "build"]
