"""The server's settings. They are given at each start, so a new release needs no edit of old files."""

from acme_standalone.processes.ports import LOOPBACK

SETTINGS = {
    "listen_addresses": LOOPBACK,
    # No socket file: its path may not be longer than 107 bytes, and TCP with scram serves everybody.
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %d ",
    "password_encryption": "scram-sha-256",
}
FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def arguments(port: int, *, is_durable: bool) -> list[str]:
    settings = SETTINGS | {"port": str(port)} | ({} if is_durable else FOR_TESTS)
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
