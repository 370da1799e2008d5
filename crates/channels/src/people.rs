//! What a mail may say of a person and of the shop.

use crate::mail::Values;
use access::Installation;
use customers::profile::sql::ProfileRow;

/// The values of one person for the templates; blank ones count as missing.
pub fn values_of(person: &ProfileRow, installation: &Installation) -> Values {
    let mut values = Values::new();
    let family = person.family_name.as_deref().unwrap_or_default();
    let given = person.given_name.as_deref().unwrap_or_default();
    values.set("customer.family_name", family);
    values.set("customer.given_name", given);
    values.set("customer.full_name", format!("{family} {given}").trim());
    values.set("customer.company", person.company.as_deref().unwrap_or_default());
    values.set("customer.number", person.number.as_deref().unwrap_or_default());
    values.set("shop.name", &installation.company);
    values
}
