//! The promises that need the running program, each in its short form (`make torture` has the long one).
#![allow(clippy::panic, clippy::print_stderr)]

use std::path::PathBuf;
use torture::{
    Ground,
    trials::{self, Trial},
};

/// Runs a trial. Where the machine does not allow it, that is said and noted with the stories that were left out.
fn hold(name: &str, trial: Trial) {
    let ground = Ground { najimi: PathBuf::from(env!("CARGO_BIN_EXE_najimi")), is_long: false, mails: 0, seed: 1 };
    match trial(&ground) {
        Ok(report) => report.print(),
        Err(reason) => testing::leave_out(name, &reason),
    }
}

macro_rules! promises {
    ($( $name:ident: $trial:path; )+) => {$(
        #[test]
        fn $name() {
            hold(stringify!($name), $trial);
        }
    )+};
}

promises! {
    an_accepted_event_is_never_lost_and_never_counted_twice: trials::events::killed_at_any_moment;
    a_first_start_may_be_killed: trials::first_start::killed_on_an_empty_folder;
    every_step_of_publishing_is_done_once: trials::steps::killed_at_every_step;
    a_campaign_is_sent_once: trials::campaign::sent_once_when_the_unknown_is_held;
    a_campaign_that_is_sent_again_misses_nobody: trials::campaign::sent_at_least_once_when_the_unknown_is_retried;
    one_bad_address_stops_nobody: trials::post::one_bad_address_stops_nobody;
    consent_is_read_at_the_moment_of_sending: trials::consent::read_at_the_moment_of_sending;
    a_person_unsubscribes_and_no_program_does: trials::consent::unsubscribed_by_a_person_only;
    nothing_is_acknowledged_before_the_disk_has_confirmed: trials::durable::acknowledged_only_after_the_disk;
    an_error_of_the_disk_is_never_acknowledged: trials::durable::an_error_of_the_disk_is_never_acknowledged;
    a_damaged_journal_keeps_its_prefix: trials::damage::a_damaged_journal_keeps_its_prefix;
    a_power_cut_loses_nothing: trials::power::cut_at_any_moment;
    postgres_may_be_broken_off: trials::postgres::broken_off_under_load;
    an_import_may_be_killed: trials::import::killed_in_the_middle;
}
