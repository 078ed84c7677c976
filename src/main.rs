//! temp
fn main(){
 let root=std::path::PathBuf::from(std::env::args().nth(1).unwrap_or(".".into()));
 let t=std::time::Instant::now();
 let d=forewarn::discover::discover(&root).unwrap();
 let a=forewarn::pipeline::analyze(d, forewarn::pipeline::Run{today: jiff::civil::Date::constant(2026,11,20), drafts: forewarn::model::Drafts::Out});
 for f in &a.findings { let p=a.sources.position(&f.place.path,f.place.span.start); let _=std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}:{}:{} {:?} {} | {} | {:?}\n", f.place.path,p.line,p.column,f.level,f.id,f.message,f.help)); }
 let _=std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{:?} {:?}\n", a.coverage.handbook, t.elapsed()));
}
