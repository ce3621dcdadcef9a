"""`wangge.conf`, written anew at each start and included by postgresql.conf; ALTER SYSTEM still wins over it."""

import os
from pathlib import Path

MIB = 1024 * 1024
SHARED_BUFFERS_LIMIT_MIB = 2048  # past this the file cache serves our working set as well, and start-up gets slower


def write(path: Path, *, socket_dir: Path, durable: bool) -> None:
    lines = [f"{name} = {value}" for name, value in _settings(socket_dir, durable=durable).items()]
    path.write_text("# Written by wangge at each start; change settings with ALTER SYSTEM.\n" + "\n".join(lines) + "\n")


def _settings(socket_dir: Path, *, durable: bool) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    settings = {
        "listen_addresses": "''",  # the socket alone: nothing on the network to attack
        "unix_socket_directories": _quoted(str(socket_dir)),
        "unix_socket_permissions": "0700",
        "password_encryption": "'scram-sha-256'",
        "max_connections": "100",
        "shared_buffers": f"{max(128, min(memory // 8, SHARED_BUFFERS_LIMIT_MIB))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "256MB",
        "random_page_cost": "1.1",  # SSD
        "jit": "off",  # our statements are short; compiling them costs more than it saves
        "max_parallel_workers_per_gather": "1",  # two cores are shared with the application
        "wal_compression": "off",  # the wheel knows pglz only: 70 µs of whoever first touches a page after a checkpoint
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "idle_in_transaction_session_timeout": "'10min'",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        "log_line_prefix": "'%m [%p] %u '",
        "log_min_duration_statement": "'2s'",
        "log_parameter_max_length": "0",  # personal data never reaches the log
        "log_parameter_max_length_on_error": "0",
        "log_checkpoints": "off",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "shared_buffers": "256MB",
            "min_wal_size": "80MB",
        }
    return settings


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
