//! Who really calls, where a proxy stands in front: `X-Forwarded-For` or `Forwarded`, believed only from the proxies
//! that the configuration names, and read from the end, since whoever calls can write its beginning.
//!
//! Invariant: a stranger cannot choose the address under which their tries to sign in are counted.

use super::Edge;
use access::ClientAddress;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, header},
    middleware::Next,
    response::Response,
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

/// What proxies write by custom.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Addresses that are looked at.
const HOPS_MAX: usize = 32;

/// Addresses that belong together: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A network that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an address or a network; write 127.0.0.1 or 10.0.0.0/8")]
pub struct NetworkError(String);

impl Network {
    /// Whether the address is in it.
    pub fn holds(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same_beginning(u128::from(own.to_bits()) << 96, u128::from(other.to_bits()) << 96, self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same_beginning(own.to_bits(), other.to_bits(), self.bits),
            _ => false,
        }
    }
}

fn same_beginning(one: u128, other: u128, bits: u8) -> bool {
    (one ^ other).checked_shr(128 - u32::from(bits)).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = NetworkError;
    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let error = || NetworkError(text.chars().take(60).collect());
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(at, bits)| (at, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| error())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).ok().filter(|bits| *bits <= most).ok_or_else(error)?;
        Ok(Self { address, bits })
    }
}
impl TryFrom<String> for Network {
    type Error = NetworkError;
    fn try_from(text: String) -> Result<Self, NetworkError> {
        text.parse()
    }
}
impl From<Network> for String {
    fn from(network: Network) -> String {
        network.to_string()
    }
}
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_whole = self.bits == if self.address.is_ipv4() { 32 } else { 128 };
        if is_whole { write!(f, "{}", self.address) } else { write!(f, "{}/{}", self.address, self.bits) }
    }
}

/// Tells the handlers who calls.
pub async fn find_client(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if let Some(peer) = peer {
        let client = client(peer, request.headers(), &edge.trusted_proxies);
        request.extensions_mut().insert(ClientAddress(client));
    }
    next.run(request).await
}

/// Whether somebody else stands between us and whoever calls, by their own word.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED)
}

/// The last address that no trusted proxy has; the peer's own where its word is not to be had.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let mut client = peer.to_canonical();
    if !is_trusted(client) {
        return client;
    }
    for hop in hops(headers).into_iter().rev().take(HOPS_MAX) {
        let Some(address) = hop else { break };
        client = address.to_canonical();
        if !is_trusted(client) {
            break;
        }
    }
    client
}

/// The addresses on the way, the farthest first. When both headers are there, one of them was not written by the
/// proxy, and neither is believed.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let all = |name: &HeaderName| -> Vec<String> {
        let lines = headers.get_all(name).into_iter().map(|line| line.to_str().unwrap_or("unreadable"));
        lines.flat_map(|line| line.split(',')).map(|part| part.trim().to_owned()).collect()
    };
    let (custom, standard) = (all(&X_FORWARDED_FOR), all(&header::FORWARDED));
    match (custom.is_empty(), standard.is_empty()) {
        (false, true) => custom.iter().map(|text| address(text)).collect(),
        (true, false) => standard.iter().map(|text| address_of_element(text)).collect(),
        _ => Vec::new(),
    }
}

/// `for=192.0.2.60;proto=https`, `For="[2001:db8::1]:4711"` (RFC 7239).
fn address_of_element(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    address(node.trim_matches('"'))
}

/// An address, with or without brackets and port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(text, |(inside, _)| inside);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect::<Vec<_>>()
            .into_iter()
            .fold(HeaderMap::new(), |mut map, (name, value)| {
                map.append(name, value);
                map
            })
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted = networks(&["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
        for (peer, lines, expected) in [
            ("203.0.113.9", vec![("x-forwarded-for", "198.51.100.1")], "203.0.113.9"),
            ("127.0.0.1", vec![], "127.0.0.1"),
            ("127.0.0.1", vec![("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
            // What a client writes itself stands in front of what the proxy adds.
            ("127.0.0.1", vec![("x-forwarded-for", "1.1.1.1, 198.51.100.1")], "198.51.100.1"),
            (
                "127.0.0.1",
                vec![("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "198.51.100.1, 10.1.2.3")],
                "198.51.100.1",
            ),
            ("127.0.0.1", vec![("x-forwarded-for", "10.1.2.3")], "10.1.2.3"),
            ("127.0.0.1", vec![("x-forwarded-for", "198.51.100.1, nonsense")], "127.0.0.1"),
            ("127.0.0.1", vec![("x-forwarded-for", "198.51.100.1:4711")], "198.51.100.1"),
            ("127.0.0.1", vec![("forwarded", "for=\"[2001:db8::1]:4711\";proto=https")], "2001:db8::1"),
            ("fd00::7", vec![("forwarded", "For=192.0.2.60, for=10.1.1.1")], "192.0.2.60"),
            ("127.0.0.1", vec![("forwarded", "for=_hidden")], "127.0.0.1"),
            ("127.0.0.1", vec![("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "198.51.100.1")], "127.0.0.1"),
            ("::ffff:127.0.0.1", vec![("x-forwarded-for", "::ffff:198.51.100.1")], "198.51.100.1"),
        ] {
            let found = client(peer.parse().unwrap(), &headers(&lines), &trusted);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_network_holds_its_addresses() {
        for (network, address, holds) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("192.0.2.4/31", "192.0.2.5", true),
            ("192.0.2.4", "192.0.2.5", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "10.0.0.1", false),
        ] {
            assert_eq!(
                network.parse::<Network>().unwrap().holds(address.parse().unwrap()),
                holds,
                "{network} {address}"
            );
        }
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "example.com", "10.0.0.0/"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        assert_eq!("10.0.0.0/8".parse::<Network>().unwrap().to_string(), "10.0.0.0/8");
    }
}
