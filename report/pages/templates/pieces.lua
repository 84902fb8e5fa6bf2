-- Reads a list of texts from standard input and writes each in HTML, Typst or Markdown: one process for a whole document.
-- In:  {"to": "html"|"typst"|"markdown", "missing": [codepoints], "marks": [tags],
--       "pieces": [{text, format, inline, images, prefix of the names of its footnotes, macros: [[name, definition]]}]}
-- Out: [[part, …], …] and the links of each piece; a part is markup, a heading, a code block, a table or a note.
-- Raw markup never passes: whatever a text contains, the output is text or one of the constructs written here.
-- Of HTML's tags those of "marks" pass, without attributes; those for weight, position or a link become just that.
-- In Markdown each sentence is a line, no mark passes, and a link within the document is \u{E000}<target>words\u{E000}/.

local job = pandoc.json.decode(io.read('a'), false)
local typst = job.to == 'typst'
local in_markdown = job.to == 'markdown'
local raw_format = typst and 'typst' or in_markdown and 'markdown' or 'html'
local WRITER = typst and 'typst' or in_markdown and 'gfm' or 'html5'

local MARKDOWN = 'commonmark-raw_html+pipe_tables+strikeout+task_lists+autolink_bare_uris'
  .. '+tex_math_dollars+footnotes+smart+superscript+subscript'
local NAMES = { markdown = 'Markdown', html = 'HTML', latex = 'LaTeX' }
local READERS = {
  markdown = MARKDOWN,
  html = 'html-native_divs-native_spans-raw_html',
  latex = 'latex+raw_tex',
}
local function writer_options(prefix) -- the prefix keeps the footnotes of different texts apart
  return pandoc.WriterOptions {
    wrap_text = in_markdown and 'preserve' or 'none', html_math_method = 'mathml', reference_location = 'end-of-block', identifier_prefix = prefix,
  }
end

local missing = {}
for _, code in ipairs(job.missing) do missing[code] = true end

local INVISIBLE = { [0xFEFF] = '', [0x2028] = ' ', [0x2029] = ' ' } -- no PDF may have the first, the others end lines

local function with_code_points(text) -- a character that no font has, as [U+XXXX]
  if not text:find('[\128-\255]') then return text end
  local out = {}
  for _, code in utf8.codes(text) do
    out[#out + 1] = missing[code] and string.format('[U+%04X]', code) or INVISIBLE[code] or utf8.char(code)
  end
  return table.concat(out)
end

local function quoted(text) -- a Typst string literal
  return '"' .. with_code_points(text):gsub('[\\"]', '\\%0'):gsub('\n', '\\n'):gsub('\r', ''):gsub('\t', '\\t') .. '"'
end

local LONGEST = 40 -- letters of a word that may have to be broken

local function broken(text) -- a long word with places to go on in the next line: after what parts it, else anywhere
  if (utf8.len(text) or 0) <= LONGEST then return text end
  local out, since = {}, 0
  for _, code in utf8.codes(text) do
    local letter = utf8.char(code)
    out[#out + 1], since = letter, since + 1
    if since >= 20 or (since > 3 and letter:find('[/?&=_%.,;:-]')) then out[#out + 1], since = '\u{200B}', 0 end
  end
  return table.concat(out)
end

local function breakable(text) return typst and text:gsub('%S+', broken) or text end

local function escaped(text) -- HTML text or attribute value
  return (text:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;'):gsub('"', '&quot;'))
end

local function raw(text) return pandoc.RawInline(raw_format, text) end

-- The marks around a formula, by which foreign/refused.py recognises one that Typst refuses.
local FORMULA, FORMULA_END = '#{set math.equation(alt: ', '/*of a formula*/'

local links, images, options = {}, {}, writer_options('')

local function write(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), WRITER, options):gsub('^%s+', ''):gsub('%s+$', ''))
end

-- To write costs a millisecond however little it is: texts wait, and are written together with a mark between them.
-- One with a footnote is written by itself, because its notes are named after it.
local BETWEEN, waiting = '\u{E000}\u{E001}\u{E002}', {}

local function has_note(blocks)
  local found = false
  pandoc.Pandoc(blocks):walk { Note = function() found = true end }
  return found
end

local function with_own_notes(text) -- in Markdown notes are named by nothing but their numbers
  return in_markdown and text:gsub('%[%^(%d+)%]', '[^' .. options.identifier_prefix .. '%1]') or text
end

local function write_later(blocks, take)
  if has_note(blocks) then take(with_own_notes(write(blocks))) else waiting[#waiting + 1] = { blocks = blocks, take = take } end
end

local function write_waiting()
  local all, between = pandoc.Blocks {}, pandoc.RawBlock(raw_format, BETWEEN)
  for _, item in ipairs(waiting) do
    all:extend(item.blocks)
    all:insert(between)
  end
  options = writer_options('')
  local text, from = write(all), 1
  for _, item in ipairs(waiting) do
    local first, last = text:find(BETWEEN, from, true)
    item.take((text:sub(from, first - 1):gsub('^%s+', ''):gsub('%s+$', '')))
    from = last + 1
  end
end

local function Str(el)
  el.text = el.text:gsub('\u{E000}', '[U+E000]') -- of BETWEEN, which no text may have
  if in_markdown then return el end
  if not typst and (el.text == '☐' or el.text == '☒') then return raw(el.text) end -- a box to read, not to tick
  if typst and (#el.text > LONGEST or not el.text:find('^%a+$')) then return raw('#' .. quoted(breakable(el.text)) .. ';') end
end

-- A matrix without brackets loses its columns in Typst: it is written as one in braces, and these are taken away again.
local function with_columns(tex)
  if tex:find('{Bmatrix}', 1, true) then return tex end
  tex = tex:gsub('\\begin{array}{[lcr| ]*}(.-)\\end{array}', function(rows)
    return '\\begin{matrix}' .. rows:gsub('\\hline', '') .. '\\end{matrix}'
  end)
  return (tex:gsub('{matrix}', '{Bmatrix}'):gsub('{smallmatrix}', '{Bmatrix}'))
end

-- What pandoc writes and Typst no longer knows: names of symbols, and the bars of a determinant or a norm.
local function with_names_of_typst(out, tex)
  out = out:gsub('%f[%w.]sect%f[^%w]', 'inter'):gsub('%f[%w](%a+)%.circle%f[^%w]', '%1.o')
  out = out:gsub('%f[%w]bracket%.([lr])%.double', 'bracket.%1.stroked'):gsub('%f[%w]([lg]t)%.tri', '%1.closed')
  out = out:gsub('%f[%w]angle%.([lr])%f[^%w]', 'chevron.%1')
  local bars = {}
  for kind in tex:gmatch('\\begin{([vV])matrix}') do bars[#bars + 1] = kind == 'v' and '|' or '‖' end
  local at = 0
  return (out:gsub('mat%(delim: "||"', function()
    at = at + 1
    return 'mat(delim: "' .. (bars[at] or '‖') .. '"'
  end))
end

-- What numbers a formula or names it for others is no part of it: the first tag is returned, others stay at their rows.
local function without_labels(tex)
  tex = tex:gsub('\\label%s*{[^{}]*}', ''):gsub('\\nonumber%f[%A]', ''):gsub('\\notag%f[%A]', ''):gsub('\\require%s*{[^{}]*}', '')
  tex = tex:gsub('\\cr%f[%A]', function() return '\\\\' end)
  tex = tex:gsub('\\eqref%s*{([^{}]*)}', '\\text{(%1)}'):gsub('\\ref%s*{([^{}]*)}', '\\text{%1}')
  local _, tags = tex:gsub('\\tag%*?%s*{[^{}]*}', '')
  if tags > 1 then return (tex:gsub('\\tag%*?%s*{([^{}]*)}', '\\qquad \\text{(%1)}')) end
  local tag
  tex = tex:gsub('\\tag%*?%s*{([^{}]*)}', function(text) tag = text return '' end)
  return tex, tag
end

local macros = {}

local function with_macros(tex) -- the definitions of the commands that it uses before it
  local used = false
  for _, macro in ipairs(macros) do used = used or tex:find('\\' .. macro[1] .. '%f[%A]') ~= nil end
  if not used then return tex end
  local definitions = {}
  for i, macro in ipairs(macros) do definitions[i] = macro[2] end
  return table.concat(definitions) .. ' ' .. tex
end

local LONGEST_ALT = 8000 -- bytes: a PDF has no string longer than 32,767

local function cut(text)
  if #text <= LONGEST_ALT then return text end
  return text:sub(1, (utf8.offset(text, 0, LONGEST_ALT) or 1) - 1) .. ' …'
end

local function Math(el)
  if in_markdown then -- within a code span, so that it is a formula or its source, but no markup
    local text = el.text:gsub('%s+', ' '):gsub('^ ', ''):gsub(' $', ''):gsub('\u{E000}', '[U+E000]')
    return text:find('`') and pandoc.Code(text) or raw('$`' .. text .. '`$')
  end
  local tex, tag = without_labels(el.text)
  tex = with_macros(tex)
  if not typst then
    local out = write { pandoc.Plain { pandoc.Math(el.mathtype, tex) } }
    if out:find('^<math') then
      local alt = ' alttext="' .. escaped(el.text) .. '"'
      out = out:gsub('^<math', function() return '<math' .. alt end, 1):gsub('<annotation.-</annotation>', ''):gsub('</?semantics>', '')
      return raw(out .. (tag and ' <span class="tag">(' .. escaped(tag) .. ')</span>' or ''))
    end
    return raw('<code class="tex">' .. escaped(el.text) .. '</code>')
  end
  local block = el.mathtype == 'DisplayMath'
  local source = el.text:gsub('^%s+', ''):gsub('%s+$', '')
  if not with_code_points(source):find('%S') then return {} end
  local out = write { pandoc.Plain { pandoc.Math(el.mathtype, with_columns(with_code_points(tex))) } }
  out = with_names_of_typst(out:gsub('mat%(delim: "{", ', 'mat(delim: #none, '), tex)
  out = out:gsub('%$<[^<>%s]*>$', '$') -- a label
  if out:find('^%$') and out:find('%$$') then
    local number = tag and block and ', numbering: (..) => ' .. quoted('(' .. tag .. ')') or ''
    return raw(FORMULA .. quoted(cut(source)) .. number .. '); ' .. out .. '};' .. FORMULA_END)
  end
  return raw('#raw(' .. quoted(breakable(source)) .. ', block: ' .. tostring(block) .. ');')
end

local function Link(el)
  local target = el.target
  local content = pandoc.Inlines(el.content)
  local open, close
  if target:sub(1, 1) == '#' then
    local name = target:sub(2):gsub('["\\%c]', '')
    links[#links + 1] = name
    if typst then open, close = '#xref("' .. name .. '")[', '];'
    elseif in_markdown then open, close = '\u{E000}<' .. name:gsub('\u{E000}', ''):gsub('>', '') .. '>', '\u{E000}/'
    else open, close = '<a href="#' .. escaped(name) .. '">', '</a>' end
  elseif #target <= LONGEST_ALT and (target:find('^https?://') or target:find('^mailto:')) then
    if in_markdown then -- what would end the address, or the cell that it is in, as a code
      return pandoc.Link(content, (target:gsub('[%s%c()<>|\\]', function(sign) return ('%%%02X'):format(sign:byte()) end)))
    end
    if typst then open, close = '#link(' .. quoted(target) .. ')[', '];'
    else open, close = '<a rel="noreferrer" href="' .. escaped(target) .. '">', '</a>' end
  else -- nothing that a page may lead to: its address is shown
    local words = pandoc.utils.stringify(content)
    if target ~= '' and words ~= target and words ~= '' then content:insert(pandoc.Str(' (' .. target:sub(1, 120) .. ')')) end
    return content
  end
  content:insert(1, raw(open))
  content:insert(raw(close))
  return content
end

local function Image(el)
  local alt = pandoc.utils.stringify(el.caption)
  if alt == '' then alt = el.title end
  local address = images[el.src]
  if not address then
    local far = el.src:find('^https?:') or el.src:find('^//')
    local why = far and ', not fetched from ' .. el.src:sub(1, 120) or el.src:find('^data:') and ', damaged or of an unknown kind'
      or ', not found: ' .. el.src:sub(1, 120)
    local text = '[Image not included: ' .. (alt ~= '' and alt or 'without a description') .. why .. ']'
    if in_markdown then return pandoc.Str(text) end
    return typst and raw('#' .. quoted(breakable(text)) .. ';') or raw('<span class="unheld">' .. escaped(text) .. '</span>')
  end
  if alt == '' then alt = 'Image without a description' end
  if in_markdown then return pandoc.Str('[' .. alt .. ']') end
  if typst then return raw('#box(image(' .. quoted(address) .. ', alt: ' .. quoted(cut(alt)) .. '));') end
  return raw('<img class="inline" src="' .. escaped(address) .. '" alt="' .. escaped(alt) .. '">')
end

local function Code(el)
  if typst then return raw('#raw(' .. quoted(breakable(el.text)) .. ');') end
  if in_markdown then return pandoc.Code((el.text:gsub('\u{E000}', '[U+E000]'))) end
  return raw('<code>' .. escaped(el.text) .. '</code>')
end

local function CodeBlock(el)
  if typst then return pandoc.RawBlock('typst', '#listing(' .. quoted(el.text) .. ')') end
  if in_markdown then return pandoc.CodeBlock((el.text:gsub('\u{E000}', '[U+E000]'))) end
  return pandoc.RawBlock('html', '<pre tabindex="0"><code>' .. escaped(el.text) .. '</code></pre>')
end

-- Tags that mark numbers as a date, a citation, a parameter or a formula; a tag with no partner stays text.
local MARKS = {}
for _, tag in ipairs(job.marks) do MARKS[tag] = true end

local function Span(el)
  local tag = el.attributes.mark
  if typst or in_markdown or not tag then return el.content end
  local content = pandoc.Inlines(el.content)
  content:insert(1, raw('<' .. tag .. '>'))
  content:insert(raw('</' .. tag .. '>'))
  return content
end

local function spanned(content, tag) return pandoc.Span(content, pandoc.Attr('', {}, { mark = tag })) end
local function words(content) return pandoc.Code((pandoc.utils.stringify(content))) end
local function alone(content) return pandoc.Span(content) end

-- What an author writes in HTML for lack of Markdown; no attribute matters but the target of a link.
local PHRASES = {
  b = pandoc.Strong, strong = pandoc.Strong, i = pandoc.Emph, em = pandoc.Emph, u = pandoc.Underline, ins = pandoc.Underline,
  s = pandoc.Strikeout, del = pandoc.Strikeout, strike = pandoc.Strikeout, sub = pandoc.Subscript, sup = pandoc.Superscript,
  code = words, kbd = words, samp = words, tt = words,
  small = alone, big = alone, span = alone, font = alone, mark = alone, abbr = alone, center = alone,
  a = function(content, opening)
    local target = opening:match('href%s*=%s*"([^"]*)"') or opening:match("href%s*=%s*'([^']*)'")
    return target and pandoc.Link(content, target) or pandoc.Span(content)
  end,
}

local function marked(inlines)
  local out, opened = pandoc.Inlines {}, {}
  for _, el in ipairs(inlines) do
    local html = el.t == 'RawInline' and el.format == 'html' and el.text or ''
    local tag, ended = html:match('^<(%a+)[^<>]*>$'), html:match('^</(%a+)%s*>$')
    tag, ended = tag and tag:lower(), ended and ended:lower()
    local at = #opened
    while ended and at > 0 and opened[at].tag ~= ended do at = at - 1 end
    if tag and (PHRASES[tag] or (MARKS[tag] and html == '<' .. tag .. '>')) then
      opened[#opened + 1] = { tag = tag, at = #out + 1, text = html }
      out:insert(el)
    elseif ended and at > 0 then
      local open, content = opened[at], pandoc.Inlines {}
      for i = open.at + 1, #out do content:insert(out[i]) end
      while #out >= open.at do out:remove() end
      while #opened >= at do table.remove(opened) end
      out:insert(MARKS[ended] and spanned(content, ended) or PHRASES[ended](content, open.text))
    else
      out:insert(el)
    end
  end
  return out
end

local FILTER
FILTER = {
  traverse = 'topdown',
  Str = Str, Math = Math, Code = Code, CodeBlock = CodeBlock,
  Link = function(el)
    local link = Link(el)
    return link:walk { Str = Str, Math = Math, Code = Code, Image = Image, Span = Span, Link = function(inner) return inner.content end }, false
  end,
  Image = function(el) return Image(el), false end,
  Span = function(el) return Span(el):walk(FILTER), false end,
  Div = function(el) return el.content end,
  Header = function(el) return pandoc.Para { pandoc.Strong(el.content) } end, -- in a list or a quote it is no section
  Quoted = function(el)
    local single = el.quotetype == 'SingleQuote'
    local content = pandoc.Inlines(el.content)
    content:insert(1, pandoc.Str(single and '‘' or '“'))
    content:insert(pandoc.Str(single and '’' or '”'))
    return content
  end,
  LineBreak = function() return typst and raw('#linebreak();') or nil end, -- a backslash would escape what follows it
  Figure = function(el) -- its caption is a paragraph below it
    local content = pandoc.Blocks(el.content)
    content:extend(el.caption.long)
    return content
  end,
  HorizontalRule = function()
    if typst then return pandoc.RawBlock('typst', '#divider'), false end
  end,
}

-- What an author wrote in HTML: a comment is dropped, a line break kept, a block read as HTML; a tag stays visible as text.
-- What would be run or fetched is named in a note, and shown as its source.
local ACTIVE = {
  'script', 'style', 'iframe', 'frame', 'object', 'embed', 'video', 'audio', 'canvas', 'form', 'input', 'button', 'select', 'svg',
}

local function active(text)
  for _, tag in ipairs(ACTIVE) do
    if text:find('<' .. tag .. '[%s>/]') then return tag end
  end
end

local function note(text) return pandoc.Div(pandoc.Para { pandoc.Str(text) }, pandoc.Attr('', { 'note' })) end

local function opened_details(text) -- what is folded is shown open, its summary in bold above it
  return (text:gsub('<[sS][uU][mM][mM][aA][rR][yY][^>]*>', '<p><b>'):gsub('</[sS][uU][mM][mM][aA][rR][yY]>', '</b></p>'))
end

-- Lists within one another that do not end take pandoc a time that doubles with each: their ends are added.
local MANY_LISTS = 6
local ENDED_BY = { li = { li = true }, dt = { dt = true, dd = true }, dd = { dt = true, dd = true }, p = { p = true } }
local HAS_END = { ul = true, ol = true, dl = true, li = true, dt = true, dd = true, p = true, div = true, blockquote = true }

local function with_ends(html)
  local _, lists = html:lower():gsub('<[uod]l[%s>]', '')
  if lists <= MANY_LISTS then return html end
  local out, opened, at = {}, {}, 1
  local function close() out[#out + 1] = '</' .. table.remove(opened) .. '>' end
  while true do
    local first, last, slash, name = html:find('<(/?)(%a+)[^<>]*>', at)
    if not first then break end
    name = name:lower()
    out[#out + 1] = html:sub(at, first - 1)
    local depth = #opened
    while slash == '/' and depth > 0 and opened[depth] ~= name do depth = depth - 1 end
    if slash == '' and HAS_END[name] then
      while #opened > 0 and ENDED_BY[name] and ENDED_BY[name][opened[#opened]] do close() end
      opened[#opened + 1] = name
    elseif HAS_END[name] then
      while depth > 0 and #opened > depth do close() end
      if depth > 0 then table.remove(opened) end
    end
    if slash == '' or depth > 0 or not HAS_END[name] then out[#out + 1] = html:sub(first, last) end
    at = last + 1
  end
  out[#out + 1] = html:sub(at)
  while #opened > 0 do close() end
  return table.concat(out)
end

local function as_source(tag, text)
  return { note('HTML that a page would have to run or fetch (<' .. tag .. '>) is shown as its source.'), pandoc.CodeBlock(text) }
end

local function Para(el) -- one that begins with a tag of that kind
  local first = el.content[1]
  local tag = first and first.t == 'RawInline' and first.format == 'html' and active(first.text:lower())
  if not tag then return nil end
  local text = ''
  for _, inline in ipairs(el.content) do
    text = text .. (inline.t == 'RawInline' and inline.text or pandoc.utils.stringify(pandoc.Inlines { inline }))
  end
  return as_source(tag, text)
end

local UNRAW = {
  RawInline = function(el)
    if el.format == 'latex' then return pandoc.Code(el.text) end
    if el.text:find('^<!%-%-') then return {} end
    local tag = el.text:lower()
    if tag:find('^<br%s*/?>$') then return pandoc.LineBreak() end
    if tag:find('^<img%s') then return pandoc.utils.blocks_to_inlines(pandoc.read(el.text, READERS.html, {}, {}).blocks) end
    if tag:find('^</?a[%s>]') or tag == '<wbr>' then return {} end
    return pandoc.Str(el.text)
  end,
  RawBlock = function(el)
    if el.format == 'latex' then return pandoc.CodeBlock(el.text) end
    local tag = active(el.text:lower())
    if tag then return as_source(tag, el.text) end
    return pandoc.read(with_ends(opened_details(el.text)), READERS.html, {}, {}).blocks
  end,
}

local function joined(blocks) -- a table of HTML with a blank line in it is still one
  local out, open = pandoc.Blocks {}, false
  for _, block in ipairs(blocks) do
    local html = block.t == 'RawBlock' and block.format == 'html'
    if html and open then
      out[#out] = pandoc.RawBlock('html', out[#out].text .. '\n' .. block.text)
    else
      out:insert(block)
    end
    local text = html and out[#out].text:lower() or ''
    local _, begun = text:gsub('<table[%s>]', '')
    local _, ended = text:gsub('</table', '')
    open = begun > ended
  end
  return out
end

-- A paragraph of a script that runs from right to left: its first letter decides, as in every browser.
local function from_right(blocks)
  for _, code in utf8.codes(pandoc.utils.stringify(blocks)) do
    if (code >= 0x590 and code <= 0x8FF) or (code >= 0xFB1D and code <= 0xFDFF) or (code >= 0xFE70 and code <= 0xFEFC) then
      return true
    end
    if (code >= 65 and code <= 90) or (code >= 97 and code <= 122) or (code >= 0xC0 and code < 0x2000) or code > 0x2E80 then
      return false
    end
  end
  return false
end

local function turned(el)
  if not typst or not from_right(el) then return nil end
  el.content:insert(1, raw('#text(dir: rtl)['))
  el.content:insert(raw('];'))
  return el
end
local function turned_list(el)
  if in_markdown or not from_right(el) then return nil end
  local open, close = '<div dir="rtl">', '</div>'
  if typst then open, close = '#[#set text(dir: rtl)', ']' end
  return { pandoc.RawBlock(raw_format, open), el, pandoc.RawBlock(raw_format, close) }
end
local TURN = { Para = turned, Plain = turned, BulletList = turned_list, OrderedList = turned_list }

local UNQUOTE = { Quoted = FILTER.Quoted }

local function filtered(blocks) return pandoc.Pandoc(blocks):walk(UNQUOTE):walk(TURN):walk(FILTER).blocks end

-- In Markdown a sentence is a line, so that a change of one is a change of a line.
local ABBREVIATED = { ['e.g.'] = true, ['i.e.'] = true, ['cf.'] = true, ['vs.'] = true, ['No.'] = true, ['p.'] = true, ['pp.'] = true }

local function ends_sentence(text)
  text = text:gsub('”', ''):gsub('’', ''):gsub('["\')%]]+$', '')
  return text:find('[.!?]$') and not ABBREVIATED[text] and not text:find('^%u%.$')
end

local function begins_sentence(text) -- but no list, heading or quotation, as which a line could be read
  return text:find('^[%u$("\'\128-\255]') or (text:find('^%d') and not text:find('^%d+[.)]'))
end

local function with_sentences(el)
  local content = el.content
  for i, inline in ipairs(content) do
    if inline.t == 'Space' or inline.t == 'SoftBreak' then
      local before, after = content[i - 1], content[i + 1]
      local broken_here = before and after and ends_sentence(pandoc.utils.stringify(before))
        and begins_sentence(pandoc.utils.stringify(after))
      content[i] = broken_here and pandoc.SoftBreak() or pandoc.Space()
    end
  end
  el.content = content
  return el
end
local SENTENCES = { Para = with_sentences, Plain = with_sentences }

local function in_sentences(blocks) return in_markdown and pandoc.Blocks(blocks):walk(SENTENCES) or blocks end

local SIDES = { AlignLeft = 'left', AlignRight = 'right', AlignCenter = 'center', AlignDefault = 'default' }

local function table_part(el)
  local function row(source)
    local cells = {}
    for i, cell in ipairs(source.cells) do
      local part = { plain = pandoc.utils.stringify(cell.contents), rows = cell.row_span, columns = cell.col_span,
        ground = cell.attr.attributes.ground, weight = cell.attr.attributes.weight }
      write_later(filtered(cell.contents), function(text) part.markup = text end)
      cells[i] = part
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
  part.caption = ''
  if #el.caption.long > 0 then
    write_later(filtered { pandoc.Plain(pandoc.utils.blocks_to_inlines(el.caption.long)) }, function(text) part.caption = text end)
  end
  return part
end

local function text_part(kind, blocks, plain)
  local part = { kind = kind, plain = plain }
  write_later(filtered(in_sentences(blocks)), function(text) part.text = text end)
  return part
end

local function inline_part(blocks)
  local inlines = pandoc.utils.blocks_to_inlines(blocks, { pandoc.LineBreak() })
  return text_part('markup', { pandoc.Plain(inlines) }, pandoc.utils.stringify(blocks))
end

local function parts_of(blocks)
  local parts, run, counted = pandoc.List {}, pandoc.Blocks {}, 0
  local function add(part) -- with its links
    part.links = pandoc.List {}
    for i = counted + 1, #links do part.links:insert(links[i]) end
    counted = #links
    parts:insert(part)
  end
  local function flush()
    if #run > 0 then
      add(text_part('markup', run, pandoc.utils.stringify(run)))
      run = pandoc.Blocks {}
    end
  end
  for _, block in ipairs(blocks) do
    if block.t == 'Header' and not pandoc.utils.stringify(block):find('%S') then
      run:insert(pandoc.Plain(block.content)) -- a heading without words is none
    elseif block.t == 'Header' then
      flush()
      local part = text_part('heading', { pandoc.Plain(block.content) }, pandoc.utils.stringify(block.content))
      part.level = block.level
      add(part)
    elseif block.t == 'CodeBlock' then
      flush()
      add { kind = 'code', text = block.text, language = block.classes[1] or '' }
    elseif block.t == 'Div' and block.classes[1] == 'note' then
      flush()
      add { kind = 'note', text = pandoc.utils.stringify(block) }
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

-- Groups of LaTeX within one another that do not end take pandoc a time that doubles with each: they are not read.
local MANY_GROUPS = 6

local function ends(tex)
  local bare, open = tex:gsub('\\[^%a]', ''), 0
  for brace in bare:gmatch('[{}]') do open = brace == '{' and open + 1 or math.max(open - 1, 0) end
  local _, begun = bare:gsub('\\begin%f[%A]', '')
  local _, ended = bare:gsub('\\end%f[%A]', '')
  return open <= MANY_GROUPS and begun - ended <= MANY_GROUPS
end

local function read(text, format)
  local can, document = false, nil
  if format ~= 'latex' or ends(text) then can, document = pcall(pandoc.read, text .. '\n', READERS[format], {}, {}) end
  if can then return document.blocks end
  return pandoc.Blocks { note('This is not ' .. NAMES[format] .. ' that can be read; here is its source.'), pandoc.CodeBlock(text) }
end

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
  links, images, macros, options = {}, piece.images, piece.macros, writer_options(piece.prefix)
  local blocks = pandoc.Pandoc(lines[i] or read(piece.text, piece.format)):walk({ Inlines = marked, Para = Para, Blocks = joined }):walk(UNRAW).blocks
  local parts = piece.inline and { inline_part(blocks) } or parts_of(blocks)
  out[i] = { parts = pandoc.List(parts), links = pandoc.List(links) }
end
write_waiting()
io.write(pandoc.json.encode(out))
