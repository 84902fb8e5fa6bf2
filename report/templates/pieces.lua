-- Reads a list of texts from standard input and writes each in HTML or Typst: one process for a whole document.
-- In:  {"to": "html"|"typst", "math": "set"|"source", "missing": [codepoints], "marks": [tags],
--       "pieces": [{text, format, inline, images, prefix of the names of its footnotes}]}
-- Out: [[part, …], …] and the links each piece makes; a part is markup, a heading, a code block or a table.
-- Raw markup never passes: whatever a text says, what comes out is text, or one of the constructs written here.
-- Of HTML's tags those of "marks" pass, without attributes.

local job = pandoc.json.decode(io.read('a'), false)
local typst = job.to == 'typst'
local raw_format = typst and 'typst' or 'html'

local MARKDOWN = 'commonmark-raw_html+pipe_tables+strikeout+task_lists+autolink_bare_uris'
  .. '+tex_math_dollars+footnotes+smart+superscript+subscript'
local READERS = {
  markdown = MARKDOWN,
  html = 'html-native_divs-native_spans-raw_html',
  latex = 'latex-raw_tex',
}
local function writer_options(prefix) -- the prefix keeps the footnotes of different texts apart
  return pandoc.WriterOptions {
    wrap_text = 'none', html_math_method = 'mathml', reference_location = 'end-of-block', identifier_prefix = prefix,
  }
end

local missing = {}
for _, code in ipairs(job.missing) do missing[code] = true end

local function shown(text) -- a character that no font has, as [U+XXXX]
  if not text:find('[\128-\255]') then return text end
  local out = {}
  for _, code in utf8.codes(text) do
    out[#out + 1] = missing[code] and string.format('[U+%04X]', code) or utf8.char(code)
  end
  return table.concat(out)
end

local function quoted(text) -- a Typst string literal
  return '"' .. shown(text):gsub('[\\"]', '\\%0'):gsub('\n', '\\n'):gsub('\r', ''):gsub('\t', '\\t') .. '"'
end

local function escaped(text) -- HTML text or attribute value
  return (text:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;'):gsub('"', '&quot;'))
end

local function raw(text) return pandoc.RawInline(raw_format, text) end

local links, images, options = {}, {}, writer_options('')

local function write(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), typst and 'typst' or 'html5', options):gsub('^%s+', ''):gsub('%s+$', ''))
end

-- To write costs a millisecond however little it is: texts wait, and are written together with a mark between them.
-- One with a footnote is written by itself, because its notes are named after it.
local BETWEEN, waiting = '\u{E000}\u{E001}\u{E002}', {}

local function has_note(blocks)
  local found = false
  pandoc.Pandoc(blocks):walk { Note = function() found = true end }
  return found
end

local function write_later(blocks, take)
  if has_note(blocks) then take(write(blocks)) else waiting[#waiting + 1] = { blocks = blocks, take = take } end
end

local function write_waiting()
  local all, between = pandoc.Blocks {}, pandoc.RawBlock(raw_format, BETWEEN)
  for _, one in ipairs(waiting) do
    all:extend(one.blocks)
    all:insert(between)
  end
  options = writer_options('')
  local text, from = write(all), 1
  for _, one in ipairs(waiting) do
    local first, last = text:find(BETWEEN, from, true)
    one.take((text:sub(from, first - 1):gsub('^%s+', ''):gsub('%s+$', '')))
    from = last + 1
  end
end

local function Str(el)
  if not typst and (el.text == '☐' or el.text == '☒') then return raw(el.text) end -- a box to read, not to tick
  if typst and not el.text:find('^%a+$') then return raw('#' .. quoted(el.text) .. ';') end
end

local function Math(el)
  if not typst then
    local out = write { pandoc.Plain { pandoc.Math(el.mathtype, el.text) } }
    if out:find('^<math') then
      local alt = ' alttext="' .. escaped(el.text) .. '"'
      return raw((out:gsub('^<math', '<math' .. alt, 1):gsub('<annotation.-</annotation>', ''):gsub('</?semantics>', '')))
    end
    return raw('<code class="tex">' .. escaped(el.text) .. '</code>')
  end
  local block = el.mathtype == 'DisplayMath'
  local out = job.math == 'set' and write { pandoc.Plain { pandoc.Math(el.mathtype, shown(el.text)) } } or ''
  if out:find('^%$') and out:find('%$$') then
    return raw('#{set math.equation(alt: ' .. quoted((el.text:gsub("^%s+", ""):gsub("%s+$", ""))) .. '); ' .. out .. '};')
  end
  return raw('#raw(' .. quoted(el.text) .. ', block: ' .. tostring(block) .. ');')
end

local function Link(el)
  local target = el.target
  local content = pandoc.Inlines(el.content)
  local open, close
  if target:sub(1, 1) == '#' then
    local name = target:sub(2):gsub('["\\%c]', '')
    links[#links + 1] = name
    if typst then open, close = '#xref("' .. name .. '")[', '];'
    else open, close = '<a href="#' .. escaped(name) .. '">', '</a>' end
  elseif target:find('^https?://') or target:find('^mailto:') then
    if typst then open, close = '#link(' .. quoted(target) .. ')[', '];'
    else open, close = '<a rel="noreferrer" href="' .. escaped(target) .. '">', '</a>' end
  else
    return content
  end
  content:insert(1, raw(open))
  content:insert(raw(close))
  return content
end

local function Image(el)
  local alt = pandoc.utils.stringify(el.caption)
  if alt == '' then alt = el.title end
  local held = images[el.src]
  if not held then
    local said = '[Image not included: ' .. (alt ~= '' and alt or el.src:sub(1, 80)) .. ']'
    return typst and raw('#' .. quoted(said) .. ';') or pandoc.Str(said)
  end
  if alt == '' then alt = 'Image without a description' end
  if typst then return raw('#box(image(' .. quoted(held) .. ', alt: ' .. quoted(alt) .. '));') end
  return raw('<img class="inline" src="' .. escaped(held) .. '" alt="' .. escaped(alt) .. '">')
end

local function Code(el)
  if typst then return raw('#raw(' .. quoted(el.text) .. ');') end
  return raw('<code>' .. escaped(el.text) .. '</code>')
end

local function CodeBlock(el)
  if typst then return pandoc.RawBlock('typst', '#listing(' .. quoted(el.text) .. ')') end
  return pandoc.RawBlock('html', '<pre tabindex="0"><code>' .. escaped(el.text) .. '</code></pre>')
end

-- What says of its numbers that they are a date, a citation, a parameter or a formula; a tag with no partner stays text.
local MARKS = {}
for _, tag in ipairs(job.marks) do MARKS[tag] = true end

local function Span(el)
  local tag = el.attributes.mark
  if typst or not tag then return el.content end
  local content = pandoc.Inlines(el.content)
  content:insert(1, raw('<' .. tag .. '>'))
  content:insert(raw('</' .. tag .. '>'))
  return content
end

local function marked(inlines)
  local out, open = pandoc.Inlines {}, nil
  for _, el in ipairs(inlines) do
    local tag = el.t == 'RawInline' and el.text:match('^<(%l+)>$')
    local ended = el.t == 'RawInline' and el.text:match('^</(%l+)>$')
    if MARKS[tag] and not open then
      open = { tag = tag, at = #out + 1 }
      out:insert(el)
    elseif open and ended == open.tag then
      local content = pandoc.Inlines {}
      for i = open.at + 1, #out do content:insert(out[i]) end
      while #out >= open.at do out:remove() end
      out:insert(pandoc.Span(content, pandoc.Attr('', {}, { mark = open.tag })))
      open = nil
    else
      out:insert(el)
    end
  end
  return out
end

local function bare(el) el.attr = pandoc.Attr() return el end

local FILTER
FILTER = {
  traverse = 'topdown',
  Str = Str, Math = Math, Code = Code, CodeBlock = CodeBlock,
  Link = function(el)
    local made = Link(el)
    return made:walk { Str = Str, Math = Math, Code = Code, Image = Image, Span = Span, Link = function(inner) return inner.content end }, false
  end,
  Image = function(el) return Image(el), false end,
  Span = function(el) return Span(el):walk(FILTER), false end,
  Div = function(el) return el.content end,
  Header = bare,
  Quoted = function(el)
    local single = el.quotetype == 'SingleQuote'
    local content = pandoc.Inlines(el.content)
    content:insert(1, pandoc.Str(single and '‘' or '“'))
    content:insert(pandoc.Str(single and '’' or '”'))
    return content
  end,
  HorizontalRule = function()
    if typst then return pandoc.RawBlock('typst', '#divider'), false end
  end,
}

-- What an author wrote in HTML: a comment is dropped, a line break kept, a block read as HTML; a tag stays visible as text.
local UNRAW = {
  RawInline = function(el)
    if el.text:find('^<!%-%-') then return {} end
    if el.text:lower():find('^<br%s*/?>$') then return pandoc.LineBreak() end
    return pandoc.Str(el.text)
  end,
  RawBlock = function(el)
    local text = el.text:lower()
    if text:find('<script') or text:find('<style') then return pandoc.CodeBlock(el.text) end
    return pandoc.read(el.text, READERS.html, {}, {}).blocks
  end,
}
local UNQUOTE = { Quoted = FILTER.Quoted }

local function filtered(blocks) return pandoc.Pandoc(blocks):walk(UNQUOTE):walk(FILTER).blocks end

local SIDES = { AlignLeft = 'left', AlignRight = 'right', AlignCenter = 'center', AlignDefault = 'default' }

local function table_part(el)
  local function row(source)
    local cells = {}
    for i, cell in ipairs(source.cells) do
      local made = { plain = pandoc.utils.stringify(cell.contents), rows = cell.row_span, columns = cell.col_span }
      write_later(filtered(cell.contents), function(text) made.markup = text end)
      cells[i] = made
    end
    return cells
  end
  local part = { kind = 'table', align = {}, head = {}, rows = {}, stubs = 0 }
  for i, spec in ipairs(el.colspecs) do part.align[i] = SIDES[spec[1]] or 'default' end
  for i, source in ipairs(el.head.rows) do part.head[i] = row(source) end
  for _, body in ipairs(el.bodies) do
    part.stubs = math.max(part.stubs, body.row_head_columns)
    for _, source in ipairs(body.head) do part.rows[#part.rows + 1] = row(source) end
    for _, source in ipairs(body.body) do part.rows[#part.rows + 1] = row(source) end
  end
  for _, source in ipairs(el.foot.rows) do part.rows[#part.rows + 1] = row(source) end
  part.caption = pandoc.utils.stringify(el.caption.long)
  return part
end

local function text_part(kind, blocks, plain)
  local part = { kind = kind, plain = plain }
  write_later(filtered(blocks), function(text) part.text = text end)
  return part
end

local function inline_part(blocks)
  local inlines = pandoc.utils.blocks_to_inlines(blocks, { pandoc.LineBreak() })
  return text_part('markup', { pandoc.Plain(inlines) }, pandoc.utils.stringify(blocks))
end

local function parts_of(blocks)
  local parts, run, told = pandoc.List {}, pandoc.Blocks {}, 0
  local function add(part) -- with the links that it makes
    part.links = pandoc.List {}
    for i = told + 1, #links do part.links:insert(links[i]) end
    told = #links
    parts:insert(part)
  end
  local function flush()
    if #run > 0 then
      add(text_part('markup', run, pandoc.utils.stringify(run)))
      run = pandoc.Blocks {}
    end
  end
  for _, block in ipairs(blocks) do
    if block.t == 'Header' then
      flush()
      local part = text_part('heading', { pandoc.Plain(block.content) }, pandoc.utils.stringify(block.content))
      part.level = block.level
      add(part)
    elseif block.t == 'CodeBlock' then
      flush()
      add { kind = 'code', text = block.text, language = block.classes[1] or '' }
    elseif block.t == 'Table' then
      flush()
      add(table_part(block))
    else
      run:insert(block)
    end
  end
  flush()
  return parts
end

local function read(text, format) return pandoc.read(text .. '\n', READERS[format], {}, {}).blocks end

-- To read costs two milliseconds: lines of running text are read together, a paragraph each. Should they not come out as
-- so many paragraphs, because one of them is more than that (a list, a definition, markup that does not end), none is kept.
local function read_lines()
  local at, lines, blocks_of = {}, {}, {}
  for i, piece in ipairs(job.pieces) do
    if piece.inline and piece.format == 'markdown' and piece.text:find('%S') and not piece.text:find('[\r\n]') then
      at[#at + 1], lines[#lines + 1] = i, piece.text
    end
  end
  local blocks = read(table.concat(lines, '\n\n'), 'markdown')
  local paragraphs = #blocks == #lines
  for _, block in ipairs(blocks) do paragraphs = paragraphs and block.t == 'Para' end
  if paragraphs then
    for n, i in ipairs(at) do blocks_of[i] = pandoc.Blocks { blocks[n] } end
  end
  return blocks_of
end

local out, lines = pandoc.List {}, read_lines()
for i, piece in ipairs(job.pieces) do
  links, images, options = {}, piece.images, writer_options(piece.prefix)
  local blocks = pandoc.Pandoc(lines[i] or read(piece.text, piece.format)):walk({ Inlines = marked }):walk(UNRAW).blocks
  local parts = piece.inline and { inline_part(blocks) } or parts_of(blocks)
  out[i] = { parts = pandoc.List(parts), links = pandoc.List(links) }
end
write_waiting()
io.write(pandoc.json.encode(out))
