//! A first start that is killed leaves nothing behind that stands in the way of the second.

use crate::{Ground, Report, chance::Chance, program::Home, shop::Shop};
use std::{thread::sleep, time::Duration};

/// Killed while the tables are made, and while the keys are made.
pub fn killed_on_an_empty_folder(ground: &Ground) -> Result<Report, String> {
    let (folders, kills_each) = (ground.pick(4, 50), 4);
    let mut chance = Chance::new(ground.seed);
    for _ in 0..folders {
        let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
        let home = Home::new(&ground.najimi, folder.path());
        for _ in 0..kills_each / 2 {
            let running = home.start();
            sleep(Duration::from_millis(chance.between(0, 400)));
            running.kill();
        }
        // With it the tokens of the starts that were killed: each start prints its own.
        std::fs::remove_file(&home.log).unwrap();
        let mut shop = Shop::open_at(home);
        shop.kill();
        for name in ["links.key", "secrets.key"] {
            std::fs::remove_file(shop.home.data.join(name)).unwrap();
        }
        for _ in 0..kills_each / 2 {
            let running = shop.home.start();
            sleep(Duration::from_millis(chance.between(0, 400)));
            running.kill();
        }
        shop.start();
        assert!(shop.operator().get("/api/customers").unwrap().is_yes());
    }
    Ok(Report::new("a first start may be killed", folders * kills_each, "kills"))
}
