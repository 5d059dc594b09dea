//! What one file says of modules and names, read with `syn`: its items, what it imports and hands on,
//! and every path that it names, also inside macros and attributes. Code for tests is left out.
//!
//! Not here: what a path leads to (`home`).

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// Names from the root of the crate: `["sim", "world"]`.
pub(super) type Names = Vec<String>;

/// A path as a file says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    /// The module from which it is looked up.
    pub(super) from: Names,
    pub(super) names: Names,
    /// Whether it begins with a name of that module, rather than with `crate`, `self` or `super`. Then
    /// it may be another crate's just as well.
    pub(super) is_relative: bool,
}

/// What one file says.
///
/// A block that has imports of its own is a module here, named like `{1}`, inside the one that it
/// stands in.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The module that the file is, those written out in it, and blocks.
    pub(super) modules: BTreeSet<Names>,
    /// Modules that are there for tests alone, in this file or in one of their own.
    pub(super) test_modules: BTreeSet<Names>,
    /// Items, each by its module and name; variants by their enum and name.
    pub(super) items: BTreeSet<(Names, String)>,
    /// Macros that are put at the root of the crate.
    pub(super) root_macros: BTreeSet<String>,
    /// Names that a `use` brings in: the module, the name, and what it stands for.
    pub(super) imports: BTreeMap<(Names, String), Said>,
    /// Globs: the module, and what it takes the names from.
    pub(super) globs: Vec<(Names, Said)>,
    /// Everything that the file names. What it hands on with `pub use` is not among them.
    pub(super) named: BTreeSet<Said>,
}

/// Reads the file that is `module`. The crate's own name stands for `crate`: so a program says it that
/// lies beside its library.
pub(super) fn facts(krate: &str, module: &Names, file: &syn::File) -> Facts {
    let mut facts = Facts::default();
    if requires_test(&file.attrs) {
        facts.test_modules.insert(module.clone());
    }
    facts.modules.insert(module.clone());
    let mut reader =
        Reader { krate, module: module.clone(), scope: module.clone(), n_blocks: 0, facts };
    reader.visit_file(file);
    reader.facts
}

/// Walks a file.
struct Reader<'k> {
    krate: &'k str,
    /// The module that `self` means.
    module: Names,
    /// That module, or a block in it.
    scope: Names,
    n_blocks: usize,
    facts: Facts,
}

impl Reader<'_> {
    fn said(&self, names: &[String]) -> Option<Said> {
        let (mut from, mut rest) = match names.first()?.as_str() {
            "crate" => (Vec::new(), &names[1..]),
            first if first == self.krate => (Vec::new(), &names[1..]),
            "self" => (self.module.clone(), &names[1..]),
            "super" => (self.module.clone(), names),
            "Self" => return None,
            _ => {
                let from = self.scope.clone();
                return Some(Said { from, names: names.to_vec(), is_relative: true });
            }
        };
        while rest.first().is_some_and(|it| it == "super") {
            from.pop()?;
            rest = &rest[1..];
        }
        Some(Said { from, names: rest.to_vec(), is_relative: false })
    }

    fn note(&mut self, names: &[String]) {
        if let Some(said) = self.said(names) {
            self.facts.named.insert(said);
        }
    }

    /// Notes what looks like a path. A name after a single point is a member and no path.
    fn note_tokens(&mut self, tokens: TokenStream) {
        let mut names: Names = Vec::new();
        let (mut n_colons, mut n_points) = (0, 0);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if n_colons != 2 {
                        self.end_of_path(&mut names);
                    }
                    if n_points != 1 {
                        names.push(ident.to_string());
                    }
                    (n_colons, n_points) = (0, 0);
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !names.is_empty() => {
                    n_colons += 1;
                    n_points = 0;
                }
                other => {
                    self.end_of_path(&mut names);
                    n_colons = 0;
                    let is_point = matches!(&other, TokenTree::Punct(it) if it.as_char() == '.');
                    n_points = if is_point { n_points + 1 } else { 0 };
                    if let TokenTree::Group(group) = other {
                        self.note_tokens(group.stream());
                    }
                }
            }
        }
        self.end_of_path(&mut names);
    }

    fn end_of_path(&mut self, names: &mut Names) {
        if !names.is_empty() {
            self.note(names);
            names.clear();
        }
    }

    /// Paths in texts, as `#[serde(with = "crate::rate")]` has them.
    fn note_texts(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.note_texts(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
                    let path = text.and_then(|text| text.parse::<syn::Path>());
                    if let Ok(path) = path
                        && path.segments.len() > 1
                    {
                        self.visit_path(&path);
                    }
                }
                _ => {}
            }
        }
    }

    fn note_item(&mut self, item: &syn::Item) {
        let name = match item {
            syn::Item::Const(it) => &it.ident,
            syn::Item::Enum(it) => {
                let path = with(&self.scope, &it.ident.to_string());
                let names = it.variants.iter().map(|variant| variant.ident.to_string());
                self.facts.items.extend(names.map(|name| (path.clone(), name)));
                &it.ident
            }
            syn::Item::Fn(it) => &it.sig.ident,
            syn::Item::Static(it) => &it.ident,
            syn::Item::Struct(it) => &it.ident,
            syn::Item::Trait(it) => &it.ident,
            syn::Item::Type(it) => &it.ident,
            syn::Item::Union(it) => &it.ident,
            syn::Item::Macro(it) => {
                let Some(name) = &it.ident else { return };
                if it.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) {
                    self.facts.root_macros.insert(name.to_string());
                }
                name
            }
            _ => return,
        };
        self.facts.items.insert((self.scope.clone(), name.to_string()));
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !requires_test(attributes(item)) {
            self.note_item(item);
            visit::visit_item(self, item);
        } else if let syn::Item::Mod(module) = item {
            self.facts.test_modules.insert(with(&self.module, &module.ident.to_string()));
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !requires_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        if !requires_test(&item.attrs) {
            visit::visit_impl_item_const(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !requires_test(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !requires_test(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !requires_test(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_none() {
            return;
        }
        let inner = with(&self.module, &item.ident.to_string());
        self.facts.modules.insert(inner.clone());
        let module = std::mem::replace(&mut self.module, inner.clone());
        let scope = std::mem::replace(&mut self.scope, inner);
        visit::visit_item_mod(self, item);
        (self.module, self.scope) = (module, scope);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let is_use = |it: &syn::Stmt| matches!(it, syn::Stmt::Item(syn::Item::Use(_)));
        if !block.stmts.iter().any(is_use) {
            return visit::visit_block(self, block);
        }
        self.n_blocks += 1;
        let inner = with(&self.scope, &format!("{{{}}}", self.n_blocks));
        self.facts.modules.insert(inner.clone());
        let scope = std::mem::replace(&mut self.scope, inner);
        visit::visit_block(self, block);
        self.scope = scope;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_handed_on = !matches!(item.vis, syn::Visibility::Inherited);
        for (name, names) in leaves(&item.tree) {
            let Some(said) = self.said(&names) else { continue };
            if !is_handed_on {
                self.facts.named.insert(said.clone());
            }
            if name == "*" {
                self.facts.globs.push((self.scope.clone(), said));
            } else if !(said.from == self.scope && said.names == [name.clone()]) {
                self.facts.imports.insert((self.scope.clone(), name), said);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path.segments.iter().map(|it| it.ident.to_string()).collect();
        self.note(&names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        visit::visit_macro(self, called);
        self.note_tokens(called.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.note_tokens(list.tokens.clone());
            self.note_texts(list.tokens.clone());
        }
    }
}

/// A module's names with one more.
pub(super) fn with(module: &Names, name: &str) -> Names {
    module.iter().map(String::as_str).chain([name]).map(str::to_owned).collect()
}

/// The names that a `use` brings in, each with its path. A glob's name is `*`, its path that of what
/// it takes the names from.
fn leaves(tree: &syn::UseTree) -> Vec<(String, Names)> {
    fn walk(tree: &syn::UseTree, before: &Names, found: &mut Vec<(String, Names)>) {
        match tree {
            syn::UseTree::Path(path) => {
                walk(&path.tree, &with(before, &path.ident.to_string()), found);
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                found.push((before.last().cloned().unwrap_or_default(), before.clone()));
            }
            syn::UseTree::Name(name) => {
                let name = name.ident.to_string();
                found.push((name.clone(), with(before, &name)));
            }
            syn::UseTree::Rename(renamed) if renamed.ident == "self" => {
                found.push((renamed.rename.to_string(), before.clone()));
            }
            syn::UseTree::Rename(renamed) => {
                let path = with(before, &renamed.ident.to_string());
                found.push((renamed.rename.to_string(), path));
            }
            syn::UseTree::Glob(_) => found.push(("*".to_owned(), before.clone())),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| walk(tree, before, found));
            }
        }
    }
    let mut found = Vec::new();
    walk(tree, &Vec::new(), &mut found);
    found
}

/// Whether something is there for tests alone.
fn requires_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Meta>().is_ok_and(|it| condition_requires_test(&it))
    })
}

fn condition_requires_test(condition: &syn::Meta) -> bool {
    match condition {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) if list.path.is_ident("all") => {
            let inner = list.parse_args_with(
                syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
            );
            inner.is_ok_and(|inner| inner.iter().any(condition_requires_test))
        }
        _ => false,
    }
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(it) => &it.attrs,
        syn::Item::Enum(it) => &it.attrs,
        syn::Item::ExternCrate(it) => &it.attrs,
        syn::Item::Fn(it) => &it.attrs,
        syn::Item::ForeignMod(it) => &it.attrs,
        syn::Item::Impl(it) => &it.attrs,
        syn::Item::Macro(it) => &it.attrs,
        syn::Item::Mod(it) => &it.attrs,
        syn::Item::Static(it) => &it.attrs,
        syn::Item::Struct(it) => &it.attrs,
        syn::Item::Trait(it) => &it.attrs,
        syn::Item::Type(it) => &it.attrs,
        syn::Item::Union(it) => &it.attrs,
        syn::Item::Use(it) => &it.attrs,
        _ => &[],
    }
}
