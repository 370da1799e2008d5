//! What a person bought and gave back.

mod give_back;
mod tell;
