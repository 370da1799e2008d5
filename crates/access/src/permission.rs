//! Roles and permissions: the one table of who may do what.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// What an operator is in the company. The order is that of the columns of the table below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers for the installation: everything.
    Owner,
    /// Finds customers, writes to them, learns what it brought.
    Marketer,
    /// Answers customers.
    Agent,
    /// Serves customers in a shop.
    Clerk,
    /// Looks at figures; no personal data.
    Viewer,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 5] = [Role::Owner, Role::Marketer, Role::Agent, Role::Clerk, Role::Viewer];

    /// The name in the table and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Marketer => "marketer",
            Role::Agent => "agent",
            Role::Clerk => "clerk",
            Role::Viewer => "viewer",
        }
    }

    /// The names of the permissions that this role holds.
    pub fn permissions(self) -> Vec<&'static str> {
        TABLE.iter().filter(|(_, holders)| holders[self as usize]).map(|(name, _)| *name).collect()
    }

    /// Whether this role holds the permission with this name; for checks whose permission is data.
    pub fn holds(self, permission: &str) -> bool {
        TABLE.iter().any(|(name, holders)| *name == permission && holders[self as usize])
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A role that does not exist.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a role; use owner, marketer, agent, clerk or viewer")]
pub struct RoleError(String);

impl FromStr for Role {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        Role::ALL.into_iter().find(|role| role.name() == text).ok_or_else(|| RoleError(text.chars().take(20).collect()))
    }
}

/// Something that may be done; the types that stand for permissions appear in the signatures of handlers.
pub trait Permission: Send + Sync + 'static {
    /// `customers.read`.
    const NAME: &'static str;
    /// Which roles hold it, in the order of [`Role::ALL`].
    const HOLDERS: [bool; 5];

    /// Whether this role holds it.
    fn is_held_by(role: Role) -> bool {
        Self::HOLDERS[role as usize]
    }
}

macro_rules! held {
    (X) => {
        true
    };
    (_) => {
        false
    };
}

macro_rules! permissions {
    ($( $(#[$doc:meta])* $permission:ident $name:literal $owner:tt $marketer:tt $agent:tt $clerk:tt $viewer:tt ; )+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $permission;
            impl Permission for $permission {
                const NAME: &'static str = $name;
                const HOLDERS: [bool; 5] = [held!($owner), held!($marketer), held!($agent), held!($clerk), held!($viewer)];
            }
        )+
        /// Every permission of an operator with its holders, in the order of [`Role::ALL`].
        pub const TABLE: &[(&str, [bool; 5])] = &[$(($name, $permission::HOLDERS)),+];
    };
}

#[rustfmt::skip]
permissions! {
    //                                         owner marketer agent clerk viewer
    /// See customers, names included.
    CustomersRead    "customers.read"          X     X        X     X     _ ;
    /// See mail addresses, telephone numbers and addresses unmasked.
    CustomersReveal  "customers.reveal"        X     X        X     X     _ ;
    /// Save lists of customers, mail addresses included.
    CustomersExport  "customers.export"        X     X        _     _     _ ;
    /// Bring in files.
    ImportsRun       "imports.run"             X     X        _     _     _ ;
    /// See segments.
    SegmentsRead     "segments.read"           X     X        X     _     X ;
    /// Make and change segments.
    SegmentsWrite    "segments.write"          X     X        _     _     _ ;
    /// See campaigns.
    CampaignsRead    "campaigns.read"          X     X        X     _     X ;
    /// Make and change campaigns.
    CampaignsWrite   "campaigns.write"         X     X        _     _     _ ;
    /// Send campaigns, pause and stop them.
    CampaignsSend    "campaigns.send"          X     X        _     _     _ ;
    /// See what a campaign brought.
    ResultsRead      "results.read"            X     X        _     _     X ;
    /// See figures.
    InsightsRead     "insights.read"           X     X        _     _     X ;
    /// Make and revoke keys of the API.
    KeysManage       "keys.manage"             X     _        _     _     _ ;
    /// Let people in, change their roles.
    OperatorsManage  "operators.manage"        X     _        _     _     _ ;
    /// Change settings.
    SettingsManage   "settings.manage"         X     _        _     _     _ ;
    /// See who changed what.
    AuditRead        "audit.read"              X     _        _     _     _ ;
    /// Move the demo's clock.
    DemoAdvance      "demo.advance"            X     X        _     _     _ ;
}

/// The name of a permission, for the description of the API.
#[derive(Debug)]
pub enum PermissionName {}

impl PartialSchema for PermissionName {
    fn schema() -> RefOr<Schema> {
        one_of(TABLE.iter().map(|(name, _)| *name), "What an operator may do.")
    }
}
impl ToSchema for PermissionName {}

/// The name of a scope of keys, for the description of the API.
#[derive(Debug)]
pub enum KeyScopeName {}

impl PartialSchema for KeyScopeName {
    fn schema() -> RefOr<Schema> {
        one_of(KEY_SCOPES.iter().copied(), "What a key may do.")
    }
}
impl ToSchema for KeyScopeName {}

fn one_of(names: impl Iterator<Item = &'static str>, description: &str) -> RefOr<Schema> {
    let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
    words.description(Some(description)).into()
}

/// Being signed in is enough.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn;
impl Permission for SignedIn {
    const NAME: &'static str = "signed_in";
    const HOLDERS: [bool; 5] = [true; 5];
}

/// Send events; a scope of keys, of no role.
#[derive(Clone, Copy, Debug)]
pub struct EventsWrite;
impl Permission for EventsWrite {
    const NAME: &'static str = "events.write";
    const HOLDERS: [bool; 5] = [false; 5];
}

/// What a key may be allowed.
pub const KEY_SCOPES: &[&str] = &[EventsWrite::NAME];
