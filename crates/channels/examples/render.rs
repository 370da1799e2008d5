//! What the bench compares with LiquidJS: printing one mail for many people, on one thread.
//!
//! `render prepare COUNT` prints the templates, the people and what comes out, for the peer; `render measure MAIL
//! SECONDS COUNT` prints mails a second. `MAIL` is `product` (a mail of the product: twelve products, name, tracked
//! links; page and words) or `loop` (a page whose products are a loop with conditions, by the engine alone, set as the
//! product sets it).
#![allow(clippy::print_stdout, reason = "a program for the bench")]

use channels::mail::{
    Block, CompiledMail, Footer, Language, MailSource, MessageUrls, Product, RenderedMail, TemplateLimits, Values,
    roomy,
};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::{Value, json};
use std::{
    error::Error,
    time::{Duration, Instant},
};

const NAMES: [&str; 8] = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村"];
const WORDS: &str = "いつも当店をご利用いただき誠にありがとうございます。季節のおすすめ商品をお届けいたします。";
const LOOP: &str = include_str!("loop.html");

fn main() -> Result<(), Box<dyn Error>> {
    // As the sender does, which asks for room once for many mails.
    Ok(roomy(|| run().map_err(|error| error.to_string()))??)
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let product = compiled()?;
    let engine = engine()?;
    match words[..] {
        ["prepare", count] => prepare(&product, &engine, count.parse()?),
        ["measure", "product", seconds, count] => measure(seconds.parse()?, count.parse()?, |person| {
            let urls = urls(person, product.links().len());
            product.render(&values(person), &urls).map(|mail| mail.html.len() + mail.text.len()).map_err(Into::into)
        }),
        ["measure", "loop", seconds, count] => {
            let people: Vec<minijinja::Value> =
                (0..count.parse()?).map(|person| engine_value(&looped(person))).collect();
            let template = engine.get_template("loop.html")?;
            measure(seconds.parse()?, people.len(), |person| Ok(template.render(people[person].clone())?.len()))
        }
        _ => Err("say `prepare` or `measure` and what belongs to it".into()),
    }
}

fn compiled() -> Result<CompiledMail, Box<dyn Error>> {
    let product = |n: usize| Product {
        sku: format!("P{n}"),
        name: format!("京都宇治抹茶スイーツ詰め合わせ {n}個入り"),
        price: format!("{}円", 1_280 + n * 130),
        url: Some(format!("https://shop.example.jp/p/{}", 1_000 + n)),
    };
    let products: Vec<Product> = (0..12).map(product).collect();
    let text = |text: String| Block::Text { text };
    let blocks = [
        Block::Heading { text: "{{ customer.family_name }} {{ customer.given_name }} 様".to_owned() },
        text("会員番号 {{ customer.number }}。{{ shop.name }}より、今週のおすすめです。".to_owned()),
        text(WORDS.repeat(20)),
        Block::Products { skus: products.iter().map(|product| product.sku.clone()).collect() },
        Block::Button { label: "お店を見る".to_owned(), url: "https://shop.example.jp/".to_owned() },
    ];
    let said = |text: &str| text.to_owned();
    let footer = Footer {
        sender_name: said("みなと雑貨店"),
        postal_address: said("〒231-0001 神奈川県横浜市中区みなと町1-2-3"),
        contact: said("letter@example.com"),
    };
    let source = MailSource {
        subject: "{{ customer.family_name }}様、今週のおすすめ",
        preheader: "季節の品",
        blocks: &blocks,
        mjml: None,
        products: &products,
        footer: &footer,
        language: Language::Ja,
    };
    Ok(CompiledMail::compile(&source, TemplateLimits::default())?)
}

fn values(person: usize) -> Values {
    Values::new()
        .with("customer.family_name", NAMES[person % NAMES.len()])
        .with("customer.given_name", format!("美咲{person}"))
        .with("customer.number", person.to_string())
        .with("shop.name", "みなと雑貨店")
}

fn urls(person: usize, links: usize) -> MessageUrls {
    let token = |link: usize| format!("{:040}", person * 100 + link);
    MessageUrls {
        click: (0..links).map(|link| format!("https://crm.example.jp/c/{}", token(link))).collect(),
        open: Some(format!("https://crm.example.jp/o/{}.gif", token(98))),
        unsubscribe: format!("https://crm.example.jp/u/{}", token(99)),
    }
}

/// The page with a loop, by the engine as the product sets it.
fn engine() -> Result<Environment<'static>, Box<dyn Error>> {
    let mut engine = Environment::new();
    engine.set_debug(false);
    engine.set_fuel(Some(TemplateLimits::default().fuel_max));
    engine.set_recursion_limit(64);
    engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    engine.set_auto_escape_callback(|_| AutoEscape::Html);
    let (style, filler) = ("td{padding:8px;font-family:sans-serif}".repeat(20), format!("<p>{WORDS}</p>").repeat(20));
    engine.add_template_owned("loop.html", LOOP.replace("[style]", &style).replace("[filler]", &filler))?;
    Ok(engine)
}

/// A person of the page with a loop.
fn looped(person: usize) -> Value {
    let item = |n: usize| {
        json!({
            "name": format!("京都宇治抹茶スイーツ詰め合わせ {}個入り", n + 1), "price": 1_280 + n * 130,
            "url": format!("https://shop.example.jp/p/{}", 1_000 + n), "image": format!("https://img.example.jp/{}.jpg", 1_000 + n), "sale": n.is_multiple_of(3),
        })
    };
    let rank = ["ゴールド", "シルバー", "一般"][person % 3];
    json!({
        "customer": {
            "family": NAMES[person % NAMES.len()], "given": format!("美咲{person}"), "points": 12_345 + person, "rank": rank,
            "birthday_month": person.is_multiple_of(12), "coupon": format!("NJ{}", 100_000 + person),
        },
        "items": (0..12).map(item).collect::<Vec<_>>(),
        "campaign": { "id": "c-2026-11", "subject": "今週のおすすめ" },
        "unsubscribe_url": format!("https://shop.example.jp/u/{person}"),
    })
}

fn engine_value(value: &Value) -> minijinja::Value {
    minijinja::Value::from(minijinja::value::Serde(value))
}

/// The compiled mail as a template of the peer: printed for somebody who is called by the names of the values.
fn template_of(product: &CompiledMail) -> Result<RenderedMail, Box<dyn Error>> {
    let value = |name: &str| format!("{{{{ {name} }}}}");
    let mut values = Values::new();
    for name in ["customer.family_name", "customer.given_name", "customer.number", "shop.name"] {
        values.set(name, value(name));
    }
    let click = (0..product.links().len()).map(|link| value(&format!("click[{link}]"))).collect();
    let urls = MessageUrls { click, open: Some(value("open_url")), unsubscribe: value("unsubscribe_url") };
    Ok(product.render(&values, &urls)?)
}

fn prepare(product: &CompiledMail, engine: &Environment<'_>, count: usize) -> Result<(), Box<dyn Error>> {
    let parts = |mail: RenderedMail| json!({ "subject": mail.subject, "html": mail.html, "text": mail.text });
    let looped_page = engine.get_template("loop.html")?;
    let (mut people, mut printed, mut loop_people, mut loop_printed) = (vec![], vec![], vec![], vec![]);
    for person in 0..count {
        let urls = urls(person, product.links().len());
        printed.push(parts(product.render(&values(person), &urls)?));
        people.push(json!({
            "customer": { "family_name": NAMES[person % NAMES.len()], "given_name": format!("美咲{person}"), "number": person.to_string() },
            "shop": { "name": "みなと雑貨店" }, "click": urls.click, "open_url": urls.open, "unsubscribe_url": urls.unsubscribe,
        }));
        loop_printed.push(json!({ "html": looped_page.render(engine_value(&looped(person)))? }));
        loop_people.push(looped(person));
    }
    let prepared = json!({
        "product": { "templates": parts(template_of(product)?), "people": people, "printed": printed },
        "loop": { "templates": { "html": looped_page.source() }, "people": loop_people, "printed": loop_printed },
    });
    println!("{prepared}");
    Ok(())
}

fn measure(
    seconds: f64,
    people: usize,
    print: impl Fn(usize) -> Result<usize, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let (limit, begin, cpu) = (Duration::from_secs_f64(seconds), Instant::now(), cpu_seconds()?);
    let (mut mails, mut bytes) = (0, 0);
    while begin.elapsed() < limit {
        for _ in 0..100 {
            bytes = print(mails % people)?;
            mails += 1;
        }
    }
    let (took, cpu) = (begin.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    let rates =
        json!({ "mails": mails, "per_s": mails as f64 / took, "per_cpu_s": mails as f64 / cpu, "output_bytes": bytes });
    println!("{rates}");
    Ok(())
}

/// What this thread has taken so far.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}
