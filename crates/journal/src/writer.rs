//! The one writer: collects what waits, writes it at once, asks the disk to confirm, then answers everybody.
//!
//! Invariant: nobody is answered before `fdatasync` has succeeded, and after it failed once nobody is answered with yes
//! again: the kernel may have dropped the pages, so trying again would lie.

use crate::{JournalError, Position, Request, Shared, frame, recover};
use std::{
    fs::{File, OpenOptions},
    io::Write,
    sync::{Arc, PoisonError, atomic::Ordering},
};
use tokio::sync::mpsc::Receiver;

/// Records that one confirmation of the disk may cover.
const GROUP_RECORDS: usize = 4_096;
/// Bytes that one confirmation of the disk may cover.
const GROUP_BYTES: usize = 8 << 20;

struct Writer {
    shared: Arc<Shared>,
    file: File,
    file_bytes: u64,
    buffer: Vec<u8>,
}

pub(crate) fn start(shared: Arc<Shared>, receiver: Receiver<Request>) -> Result<(), JournalError> {
    let last = shared.segments().last().copied().unwrap_or_default();
    let file =
        OpenOptions::new().append(true).open(shared.path_of(last)).map_err(|error| JournalError::io("open", error))?;
    let file_bytes = file.metadata().map_err(|error| JournalError::io("open", error))?.len();
    let writer = Writer { shared, file, file_bytes, buffer: Vec::new() };
    std::thread::Builder::new()
        .name("journal".into())
        .spawn(move || writer.run(receiver))
        .map_err(|error| JournalError::io("start", error))?;
    Ok(())
}

impl Writer {
    fn run(mut self, mut receiver: Receiver<Request>) {
        while let Some(first) = receiver.blocking_recv() {
            let group = collect(first, &mut receiver);
            match self.write(&group) {
                Ok(()) => self.answer(group),
                Err(error) => {
                    tracing::error!(%error, "the disk did not confirm a write; the journal has stopped");
                    receiver.close();
                    group.into_iter().for_each(|request| drop(request.answer.send(Err(JournalError::Stopped))));
                    return;
                }
            }
        }
    }

    fn write(&mut self, group: &[Request]) -> std::io::Result<()> {
        if self.file_bytes >= self.shared.limits.segment_bytes {
            self.roll()?;
        }
        self.buffer.clear();
        for payload in group.iter().flat_map(|request| &request.payloads) {
            frame::push(&mut self.buffer, payload);
        }
        self.file.write_all(&self.buffer)?;
        self.file.sync_data()?;
        self.file_bytes += self.buffer.len() as u64;
        Ok(())
    }

    fn roll(&mut self) -> std::io::Result<()> {
        let first = self.shared.end.load(Ordering::Acquire);
        self.file = recover::create(&self.shared.folder, first)?;
        self.file_bytes = 0;
        self.shared.segments.write().unwrap_or_else(PoisonError::into_inner).push(first);
        Ok(())
    }

    fn answer(&self, group: Vec<Request>) {
        let mut end: Position = self.shared.end.load(Ordering::Acquire);
        for request in group {
            end += request.payloads.len() as u64;
            self.shared.end.store(end, Ordering::Release);
            // Whoever asked may have gone away; the record stays.
            let _ = request.answer.send(Ok(end));
        }
        self.shared.appended.notify_waiters();
    }
}

fn collect(first: Request, receiver: &mut Receiver<Request>) -> Vec<Request> {
    let size = |request: &Request| request.payloads.iter().map(|payload| payload.len()).sum::<usize>();
    let (mut records, mut bytes) = (first.payloads.len(), size(&first));
    let mut group = vec![first];
    while records < GROUP_RECORDS && bytes < GROUP_BYTES {
        let Ok(request) = receiver.try_recv() else { break };
        records += request.payloads.len();
        bytes += size(&request);
        group.push(request);
    }
    group
}
