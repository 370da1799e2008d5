//! What comes by the form of uploads, and what becomes of files that nobody imports.

use super::{choices, shop::Shop};
use axum::{
    body::{Body, Bytes},
    http::{Method, StatusCode},
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

const MEGABYTES: usize = 64;

fn megabytes(first: &'static str, taken: Arc<AtomicUsize>) -> Body {
    let pieces = (0..MEGABYTES).map(move |place| {
        taken.fetch_add(1, Ordering::Relaxed);
        let letters = "a".repeat(1 << 20);
        Ok::<_, Infallible>(Bytes::from(if place == 0 { format!("{first}{letters}") } else { letters }))
    });
    Body::from_stream(futures::stream::iter(pieces))
}

testing::on_both! {
    async fn a_form_whose_head_never_ends_is_refused_before_it_fills_the_memory(shop: Shop) {
        let (cookie, taken) = (shop.sign_in().await, Arc::new(AtomicUsize::new(0)));
        let body = megabytes("--line\r\ncontent-disposition: form-data; name=\"", taken.clone());
        let answer = shop.upload_body(&cookie, body).await;
        assert_eq!(answer.0, StatusCode::BAD_REQUEST, "{}", answer.1);
        assert!(taken.load(Ordering::Relaxed) < 16, "{} MB were read", taken.load(Ordering::Relaxed));
    }

    async fn a_file_that_nobody_imports_goes_after_a_week_and_others_stay(shop: Shop) {
        let cookie = shop.sign_in().await;
        let file = "order_number,customer_number,ordered_at,sku,product_name,quantity,unit_price\n\
                    1,C1,2026-10-01 10:00,A,石けん,1,1280\n";
        let forgotten = shop.upload(&cookie, "orders", file).await.json();
        let started = shop.upload(&cookie, "orders", file).await.json();
        let id = started["import_id"].as_str().unwrap();
        shop.call(&cookie, Method::POST, &format!("/api/imports/{id}/start"), Some(choices(&started["preview"]))).await.json();
        shop.forget_unstarted(6).await;
        assert_eq!(std::fs::read_dir(&shop.folder).unwrap().count(), 2, "a week is not over");
        shop.forget_unstarted(8).await;
        assert_eq!(std::fs::read_dir(&shop.folder).unwrap().count(), 1);
        let path = format!("/api/imports/{}", forgotten["import_id"].as_str().unwrap());
        assert_eq!(shop.call(&cookie, Method::GET, &path, None).await.0, StatusCode::NOT_FOUND);
        assert!(shop.call(&cookie, Method::GET, &format!("/api/imports/{id}"), None).await.0.is_success());
    }
}
