//! Background work, seen and stopped over the API.

use crate::door::{Door, MACHINE};
use access::Role;
use async_trait::async_trait;
use jobs::{JobContext, JobError, Runner, Work};
use serde_json::{Value, json};
use std::sync::Arc;

struct Import;

#[async_trait]
impl Work for Import {
    fn kind(&self) -> &'static str {
        "import"
    }
    fn permission(&self) -> &'static str {
        "imports.run"
    }
    async fn run(&self, job: JobContext) -> Result<Value, JobError> {
        job.progress(3, Some(3), "lines");
        Ok(json!({ "lines": 3 }))
    }
}

async fn queued(door: &Door) -> String {
    let tx = door.database.records.begin(&MACHINE, "story").await.unwrap();
    let job_id = door.jobs.enqueue(&tx, "import", &json!({}), None).await.unwrap();
    tx.commit().await.unwrap();
    job_id.to_string()
}

testing::on_both! {
    async fn everybody_sees_how_far_it_is_and_who_may_run_it_how_it_ended(door: Door) {
        let runner = Runner::new(door.jobs.clone(), vec![Arc::new(Import)]);
        let job_id = queued(&door).await;
        let (marketer, viewer) = (door.somebody(Role::Marketer).await, door.somebody(Role::Viewer).await);
        let path = format!("/api/jobs/{job_id}");
        assert_eq!(door.get(&path, &viewer).await.body["state"], json!("queued"));
        runner.drain().await.unwrap();
        let whole = json!({ "job_id": job_id, "kind": "import", "state": "done", "progress": { "done": 3, "total": 3, "note": "lines" },
            "error": null, "hint": null, "result": { "lines": 3 } });
        assert_eq!(door.get(&path, &marketer).await.body, whole);
        assert_eq!(door.get(&path, &viewer).await.body["result"], Value::Null);
    }

    async fn who_may_run_it_may_stop_it(door: Door) {
        let _runner = Runner::new(door.jobs.clone(), vec![Arc::new(Import)]);
        let path = format!("/api/jobs/{}/cancel", queued(&door).await);
        let (marketer, viewer) = (door.somebody(Role::Marketer).await, door.somebody(Role::Viewer).await);
        assert_eq!(door.ask("POST", &path, &viewer, Value::Null).await.line(), "403 permission_missing");
        assert_eq!(door.ask("POST", &path, &marketer, Value::Null).await.body["state"], json!("cancelled"));
        assert_eq!(door.ask("POST", &path, &marketer, Value::Null).await.line(), "409 job_ended");
    }

    async fn what_is_not_there_is_not_found(door: Door) {
        let owner = door.owner().await;
        assert_eq!(door.get("/api/jobs/00000000-0000-7000-8000-000000000000", &owner).await.line(), "404 not_found");
    }
}
