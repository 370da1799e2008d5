//! The 47 prefectures.

use super::AddressError;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

macro_rules! prefectures {
    ($($name:ident = $code:literal $japanese:literal,)+) => {
        /// One of the 47 prefectures, by its number in JIS X 0401.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "u8", try_from = "u8")]
        #[repr(u8)]
        pub enum Prefecture {
            $(#[doc = $japanese] $name = $code,)+
        }

        impl Prefecture {
            /// All of them, north to south.
            pub const ALL: [Prefecture; 47] = [$(Prefecture::$name,)+];

            /// The name in Japanese: 東京都.
            pub const fn name_ja(self) -> &'static str {
                match self { $(Prefecture::$name => $japanese,)+ }
            }
            /// The name in English: Tokyo.
            pub const fn name_en(self) -> &'static str {
                match self { $(Prefecture::$name => stringify!($name),)+ }
            }
        }
    };
}

prefectures! {
    Hokkaido = 1 "北海道",
    Aomori = 2 "青森県",
    Iwate = 3 "岩手県",
    Miyagi = 4 "宮城県",
    Akita = 5 "秋田県",
    Yamagata = 6 "山形県",
    Fukushima = 7 "福島県",
    Ibaraki = 8 "茨城県",
    Tochigi = 9 "栃木県",
    Gunma = 10 "群馬県",
    Saitama = 11 "埼玉県",
    Chiba = 12 "千葉県",
    Tokyo = 13 "東京都",
    Kanagawa = 14 "神奈川県",
    Niigata = 15 "新潟県",
    Toyama = 16 "富山県",
    Ishikawa = 17 "石川県",
    Fukui = 18 "福井県",
    Yamanashi = 19 "山梨県",
    Nagano = 20 "長野県",
    Gifu = 21 "岐阜県",
    Shizuoka = 22 "静岡県",
    Aichi = 23 "愛知県",
    Mie = 24 "三重県",
    Shiga = 25 "滋賀県",
    Kyoto = 26 "京都府",
    Osaka = 27 "大阪府",
    Hyogo = 28 "兵庫県",
    Nara = 29 "奈良県",
    Wakayama = 30 "和歌山県",
    Tottori = 31 "鳥取県",
    Shimane = 32 "島根県",
    Okayama = 33 "岡山県",
    Hiroshima = 34 "広島県",
    Yamaguchi = 35 "山口県",
    Tokushima = 36 "徳島県",
    Kagawa = 37 "香川県",
    Ehime = 38 "愛媛県",
    Kochi = 39 "高知県",
    Fukuoka = 40 "福岡県",
    Saga = 41 "佐賀県",
    Nagasaki = 42 "長崎県",
    Kumamoto = 43 "熊本県",
    Oita = 44 "大分県",
    Miyazaki = 45 "宮崎県",
    Kagoshima = 46 "鹿児島県",
    Okinawa = 47 "沖縄県",
}

impl Prefecture {
    /// The number in JIS X 0401, 1 to 47.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The prefecture with this number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|prefecture| prefecture.code() == code)
    }

    /// Reads a number, 東京都, 東京, Tokyo, Tōkyō-to or JP-13. `None` for nothing.
    pub fn parse(text: &str) -> Result<Option<Self>, AddressError> {
        if text.len() > 60 {
            return Err(AddressError::Prefecture);
        }
        let text = text.nfkc().collect::<String>();
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let code = text.strip_prefix("JP-").or_else(|| text.strip_prefix("JP")).unwrap_or(text);
        let found = match code.parse::<u8>() {
            Ok(code) => Self::from_code(code),
            Err(_) => Self::from_name_ja(text).or_else(|| Self::from_name_en(text)),
        };
        found.map(Some).ok_or(AddressError::Prefecture)
    }

    /// The prefecture with which an address begins, and what is behind it.
    pub fn split_from(address: &str) -> (Option<Self>, &str) {
        let address = address.trim_start();
        let found = Self::ALL.into_iter().find_map(|prefecture| {
            address.strip_prefix(prefecture.name_ja()).map(|rest| (Some(prefecture), rest.trim_start()))
        });
        found.unwrap_or((None, address))
    }

    fn from_name_ja(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|prefecture| {
            let name = prefecture.name_ja();
            text == name || (*prefecture != Self::Hokkaido && name.strip_suffix(['都', '府', '県']) == Some(text))
        })
    }

    fn from_name_en(text: &str) -> Option<Self> {
        let plain: String =
            text.nfd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).collect::<String>().to_lowercase();
        let plain = ["-to", "-fu", "-ken", " prefecture", "-do"]
            .iter()
            .find_map(|ending| plain.strip_suffix(ending))
            .unwrap_or(&plain);
        Self::ALL.into_iter().find(|prefecture| {
            prefecture.name_en().eq_ignore_ascii_case(plain) || (plain == "hokkai" && *prefecture == Self::Hokkaido)
        })
    }
}

impl From<Prefecture> for u8 {
    fn from(prefecture: Prefecture) -> u8 {
        prefecture.code()
    }
}
impl TryFrom<u8> for Prefecture {
    type Error = AddressError;
    fn try_from(code: u8) -> Result<Self, AddressError> {
        Self::from_code(code).ok_or(AddressError::Prefecture)
    }
}
