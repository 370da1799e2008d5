//! The two sample campaigns: a true effect that a fair comparison finds, and none where none is.

use demo::{Arm, DEMO_TODAY, SampleCampaign, SampleResponse, sample_response, sample_responses};

use crate::shop;

fn audience(campaign: SampleCampaign) -> Vec<u32> {
    shop().sample_audience(campaign).unwrap()
}

/// Difference of the buyers' shares in points, and its standard error.
fn effect(responses: &[SampleResponse]) -> (f64, f64) {
    let share = |arm| {
        let group: Vec<_> = responses.iter().filter(|response| response.arm == arm).collect();
        let bought = group.iter().filter(|response| response.bought_at.is_some()).count();
        let share = bought as f64 / group.len() as f64;
        (100.0 * share, 10_000.0 * share * (1.0 - share) / group.len() as f64)
    };
    let ((sent, sent_variance), (kept, kept_variance)) = (share(Arm::Sent), share(Arm::Comparison));
    (sent - kept, (sent_variance + kept_variance).sqrt())
}

#[test]
fn a_fair_comparison_finds_both_campaigns_right() {
    for campaign in SampleCampaign::ALL {
        let responses: Vec<_> = sample_responses(campaign, audience(campaign)).collect();
        let (found, error) = effect(&responses);
        let truth = campaign.true_effect_points();
        assert!((found - truth).abs() < 1.96 * error, "{campaign:?} {found} ± {error}");
        let is_told_from_chance = found.abs() > 1.96 * error;
        assert_eq!(is_told_from_chance, truth != 0.0, "{campaign:?} {found} ± {error}");
    }
}

#[test]
fn the_true_effect_is_what_is_printed() {
    let bought = |campaign, arm| {
        (0..100_000).filter(|customer| sample_response(campaign, *customer, arm).bought_at.is_some()).count() as f64
    };
    for campaign in SampleCampaign::ALL {
        let points = (bought(campaign, Arm::Sent) - bought(campaign, Arm::Comparison)) / 1_000.0;
        assert!((points - campaign.true_effect_points()).abs() < 0.25, "{campaign:?} {points}");
    }
}

#[test]
fn answers_lie_in_the_window_and_only_mail_that_was_sent_is_opened() {
    for campaign in SampleCampaign::ALL {
        let sent_at = campaign.sent_at();
        let ends_at = sent_at + chrono::Days::new(u64::from(SampleCampaign::WINDOW_DAYS));
        assert!(ends_at.date() <= DEMO_TODAY);
        for response in sample_responses(campaign, 12_346..18_288) {
            let times = [response.opened_at, response.clicked_at, response.unsubscribed_at];
            let answered = times.iter().flatten().count() > 0;
            assert!(response.arm == Arm::Sent || !answered);
            assert!(times.iter().chain([&response.bought_at]).flatten().all(|at| *at > sent_at && *at < ends_at));
            assert_eq!(response.bought_at.is_some(), response.amount_pence > 0);
            assert!(response.clicked_at.is_none() || response.opened_at < response.clicked_at);
        }
    }
}

#[test]
fn the_same_people_answer_the_same() {
    for campaign in SampleCampaign::ALL {
        let responses = || sample_responses(campaign, 12_346..18_288).collect::<Vec<_>>();
        assert_eq!(responses(), responses());
    }
}

#[test]
fn groups_are_drawn_without_regard_to_who_would_buy() {
    for campaign in SampleCampaign::ALL {
        let responses: Vec<_> = sample_responses(campaign, 0..200_000).collect();
        let (found, error) = effect(&responses);
        assert!((found - campaign.true_effect_points()).abs() < 3.0 * error, "{campaign:?} {found} ± {error}");
    }
}
