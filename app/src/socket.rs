//! The local socket by which the commands on the box reach the running service.
