//! The routes of access: set-up, sign-in, who I am, operators, keys, jobs, the audit log.

mod audit;
mod installation;
mod jobs;
mod keys;
mod me;
mod operators;
mod session;
mod setup;

pub use me::{DemoView, Extras, MailMode, MeExtras, MeView};

use crate::{Access, Secret, sessions};
use axum::{
    Json,
    http::{HeaderName, StatusCode, header},
};
use utoipa::openapi::{
    OpenApi,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// All routes of this crate.
pub fn routes(access: Access) -> OpenApiRouter {
    router().with_state(access)
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Access> {
    OpenApiRouter::new()
        .routes(routes!(setup::get_setup, setup::set_up))
        .routes(routes!(installation::get_installation, installation::change_installation))
        .routes(routes!(session::sign_in, session::sign_out))
        .routes(routes!(session::sign_in_by_link))
        .routes(routes!(me::get_me))
        .routes(routes!(me::change_password))
        .routes(routes!(operators::list_operators, operators::create_operator))
        .routes(routes!(operators::change_operator))
        .routes(routes!(operators::create_sign_in_link))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::revoke_key))
        .routes(routes!(jobs::get_job))
        .routes(routes!(jobs::cancel_job))
        .routes(routes!(audit::list_audit))
}

/// An answer that hands a session to the browser, and that nobody in between keeps.
type WithCookie<T> = (StatusCode, [(HeaderName, String); 2], T);

fn with_cookie<T>(status: StatusCode, access: &Access, session: Option<&Secret>, body: T) -> WithCookie<T> {
    let cookie = sessions::set_cookie(access, session);
    (status, [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, "no-store".to_owned())], body)
}

type MeAnswer = WithCookie<Json<MeView>>;

/// Describes in the OpenAPI document how callers show who they are; the scopes of both are permissions.
pub fn describe_security(openapi: &mut OpenApi) {
    let session = ApiKey::Cookie(ApiKeyValue::with_description(
        "__Host-najimi",
        "The session of somebody who is signed in (`najimi` on loopback).",
    ));
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("An API key as the user name, or as a bearer token."));
    let components = openapi.components.get_or_insert_default();
    components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    components.add_security_scheme("key", SecurityScheme::Http(key.build()));
}
