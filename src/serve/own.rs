//! Which names and addresses are this server's own. A page of another site can make a browser ask us, and can give our address a name of
//! its own; what it cannot do is ask under one of our names from one of our pages.
//!
//! In: `Host` and `Origin` of a request, and the address of this machine that it came in on. Absent: any answer.

use std::net::IpAddr;

/// What this server is called.
#[derive(Debug)]
pub(super) struct Own {
    /// The name that `--host` gives, in lower case.
    name: String,
    port: u16,
}

impl Own {
    /// A server on a host and a port.
    pub(super) fn new(host: &str, port: u16) -> Self {
        Self { name: host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase(), port }
    }

    /// Whether `Host: authority` means this server, for a connection to `local`.
    pub(super) fn is_host(&self, authority: &str, local: IpAddr) -> bool {
        let Some((host, port)) = split(authority) else { return false };
        if port.unwrap_or(80) != self.port {
            return false;
        }
        let local = local.to_canonical();
        match host.parse::<IpAddr>() {
            Ok(ip) => ip.to_canonical() == local,
            Err(_) => (host == "localhost" && local.is_loopback()) || (host == self.name && !host.is_empty()),
        }
    }

    /// Whether `Origin: origin` is a page of this server.
    pub(super) fn is_origin(&self, origin: &str, local: IpAddr) -> bool {
        origin.strip_prefix("http://").is_some_and(|authority| self.is_host(authority, local))
    }
}

/// A host in lower case, without the brackets of an IPv6 address, and its port.
fn split(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let port = match port {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(port.parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    Some((host.to_ascii_lowercase(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn only_our_own_names_are_hosts() {
        let own = Own::new("127.0.0.1", 8017);
        for host in ["localhost:8017", "LOCALHOST:8017", "127.0.0.1:8017"] {
            assert!(own.is_host(host, LOCAL), "{host}");
        }
        for host in [
            "",
            "[",
            "[]",
            "evil.example",
            "evil.example:8017",
            "localhost",
            "localhost:80",
            "localhost:",
            "localhost:+8017",
            "127.0.0.2:8017",
            "[::1]:8017",
            "a@localhost:8017",
            "localhost.:8017",
            "localhost:8017:8017",
        ] {
            assert!(!own.is_host(host, LOCAL), "{host}");
        }
    }

    #[test]
    fn an_address_of_this_machine_is_ours_where_the_request_came_in_on_it() {
        let own = Own::new("0.0.0.0", 8017);
        let outer: IpAddr = "192.168.1.7".parse().unwrap();
        assert!(own.is_host("192.168.1.7:8017", outer) && !own.is_host("192.168.1.8:8017", outer));
        assert!(!own.is_host("localhost:8017", outer));
        let own = Own::new("handbook.local", 80);
        assert!(own.is_host("handbook.local", outer) && own.is_host("Handbook.local:80", outer));
        let inner: IpAddr = "::1".parse().unwrap();
        assert!(Own::new("::1", 8017).is_host("[::1]:8017", inner));
    }

    #[test]
    fn an_origin_is_a_page_of_ours_over_http() {
        let own = Own::new("127.0.0.1", 8017);
        assert!(own.is_origin("http://localhost:8017", LOCAL) && own.is_origin("http://127.0.0.1:8017", LOCAL));
        for origin in [
            "null",
            "",
            "https://localhost:8017",
            "http://evil.example",
            "http://localhost:8018",
            "http://localhost:8017/",
            "http://192.168.0.1:8017",
        ] {
            assert!(!own.is_origin(origin, LOCAL), "{origin}");
        }
    }
}
