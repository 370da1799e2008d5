//! Who calls: each handler has one of these in its signature, and nobody else comes in.

use crate::{Access, Key, Operator, Permission, Problem, Secret, origin::same_origin, sessions};
use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use records::Actor;
use std::{
    convert::Infallible,
    fmt,
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

/// An operator who is signed in and holds permission `P`.
pub struct Caller<P> {
    operator: Operator,
    session: Secret,
    permission: PhantomData<fn() -> P>,
}

impl<P> Caller<P> {
    /// Who it is, for a transaction.
    pub fn actor(&self) -> Actor {
        Actor::Operator(self.operator.operator_id)
    }
    /// Who it is.
    pub fn operator(&self) -> &Operator {
        &self.operator
    }
    /// Whether the caller may do something else too.
    pub fn may<Other: Permission>(&self) -> bool {
        Other::is_held_by(self.operator.role)
    }
    pub(crate) fn session(&self) -> &Secret {
        &self.session
    }
}

impl<P: Permission> fmt::Debug for Caller<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("operator", &self.operator).field("permission", &P::NAME).finish_non_exhaustive()
    }
}

impl<P: Permission, S: Send + Sync> FromRequestParts<S> for Caller<P>
where
    Access: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let access = Access::from_ref(state);
        let session = sessions::cookie(&parts.headers, &access).ok_or_else(Problem::signed_out)?;
        let operator = access.signed_in(&session).await?.ok_or_else(Problem::signed_out)?;
        same_origin(parts, &access)?;
        if !P::is_held_by(operator.role) {
            return Err(Problem::permission_missing(P::NAME));
        }
        Ok(Self { operator, session, permission: PhantomData })
    }
}

/// A program with a key whose scopes hold `P`. The key comes as the user name of HTTP Basic, as libraries of the
/// Segment spec send it, or as a bearer token.
pub struct KeyCaller<P> {
    key: Arc<Key>,
    permission: PhantomData<fn() -> P>,
}

impl<P> KeyCaller<P> {
    /// Who it is, for a transaction.
    pub fn actor(&self) -> Actor {
        Actor::Key(self.key.key_id)
    }
    /// The key; its name is the source of the events that come with it.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

impl<P: Permission> fmt::Debug for KeyCaller<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCaller").field("key", &self.key).field("permission", &P::NAME).finish()
    }
}

impl<P: Permission, S: Send + Sync> FromRequestParts<S> for KeyCaller<P>
where
    Access: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let secret = brought_key(&parts.headers).ok_or_else(key_missing)?;
        let key = Access::from_ref(state).key(&secret).await?.ok_or_else(key_unknown)?;
        if !key.scopes.iter().any(|scope| scope == P::NAME) {
            return Err(Problem::forbidden("scope_missing")
                .detail(format!("This key does not have the scope `{}`.", P::NAME))
                .hint("Make a key with this scope on the page of API keys."));
        }
        Ok(Self { key, permission: PhantomData })
    }
}

fn brought_key(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, value) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Secret::brought(value));
    }
    let pair = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(value).ok()).flatten()?;
    let pair = String::from_utf8(pair).ok()?;
    Some(Secret::brought(pair.split_once(':').map_or(pair.as_str(), |(user, _)| user)))
}

fn key_missing() -> Problem {
    Problem::unauthorized("key_missing")
        .detail("This needs an API key.")
        .hint("Send it as the user name of HTTP Basic, or as `Authorization: Bearer`.")
}

fn key_unknown() -> Problem {
    Problem::unauthorized("key_unknown")
        .detail("There is no such API key, or it was revoked.")
        .hint("Make one on the page of API keys.")
}

/// Anybody, signed in or not; what changes something must still come from our own pages.
#[derive(Clone, Copy, Debug)]
pub struct Anyone(());

impl<S: Send + Sync> FromRequestParts<S> for Anyone
where
    Access: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        same_origin(parts, &Access::from_ref(state)).map(|()| Self(()))
    }
}

/// From which address a request comes. Behind a trusted proxy a layer of the binary puts this into the request's
/// extensions; without one it is the address of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let connection = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| Self(peer.ip()));
        Ok(parts
            .extensions
            .get::<Self>()
            .copied()
            .or_else(connection)
            .unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}
