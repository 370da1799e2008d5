//! `najimi audit`: whether the log of who did what is as it was written.

use super::shop::open;
use crate::config::Config;
use access::AuditVerdict;
use clap::Subcommand;

/// What to do with the audit log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Says whether rows were changed, taken out or put in since they were sealed, and prints the last seal. Keep that
    /// elsewhere: who may write into the database can make the seals anew, but not the same ones.
    Verify,
}

/// Does it.
pub async fn run(command: &AuditCommand, config: Config) -> anyhow::Result<()> {
    let AuditCommand::Verify = command;
    let ground = open(config).await?;
    let verdict = ground.access.verify_audit_log().await?;
    ground.records.close().await;
    match verdict {
        AuditVerdict::Whole { last: None, waiting, .. } => {
            println!("Nothing is sealed yet; {waiting} rows wait for the first seal.");
        }
        AuditVerdict::Whole { last: Some(last), rows, waiting } => {
            println!(
                "The audit log is whole: {rows} rows under {} seals; {waiting} rows wait for the next.",
                last.number
            );
            println!("Seal {} of {}: {}", last.number, last.sealed_at, last.hash_text());
        }
        AuditVerdict::Broken { seal, sealed_at: Some(at) } => anyhow::bail!(
            "the audit log is not as it was written: seal {seal}, made at {at}, does not fit the rows that it covers. A \
             row was changed, taken out or put in; rows under the seals before are whole"
        ),
        AuditVerdict::Broken { seal, sealed_at: None } => anyhow::bail!(
            "the audit log is not as it was written: seal {seal} is missing; rows under the seals before are whole"
        ),
    }
    Ok(())
}
