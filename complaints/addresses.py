"""Where a request of the public comes from: used for counting only, never kept."""

import ipaddress


def client_address(meta: dict, *, proxies: int) -> str:
    """The address of whoever asks, from a request's META; `proxies`: how many servers of ours stand in between, each of
    which adds to X-Forwarded-For. What a client wrote there itself is not believed. Of IPv6 the network of one
    connection (/64). Empty when there is none."""
    said = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    address = meta.get("REMOTE_ADDR", "")
    if proxies and len(said) >= proxies and said[-proxies]:
        address = said[-proxies]
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if known.version == 6:
        return str(ipaddress.ip_network(f"{known}/64", strict=False))
    return str(known)
