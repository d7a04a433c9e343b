"""What an interceptor can reach and when, and the closed forms of leakage."""

from opendome.engagement.leakage import common_mode_split, interceptors_needed, p_no_leak

__all__ = ["common_mode_split", "interceptors_needed", "p_no_leak"]
