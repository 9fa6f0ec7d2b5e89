-- The words of what people write, for strategies that look for one: local words = require "words"
--
--   for word in words.of("My invoice, please!") do .. end          my, invoice, please
--   local topic, word = words.first_known(text, function(word) return config.list("topics", word) end)
--
-- Words are letters and digits in small letters. Bytes above 127 count as letters, so that words with umlauts stay whole;
-- their capital letters stay as they are.

local words = {}

function words.of(text)
  return text:lower():gmatch("[%w\128-\255]+")
end

-- What `look_up` says about the first word that it knows, and the word; nil where it knows none.
function words.first_known(text, look_up)
  for word in words.of(text) do
    local found = look_up(word)
    if found then return found, word end
  end
end

return words
