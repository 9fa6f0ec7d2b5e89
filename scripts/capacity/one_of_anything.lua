-- One thing at a time, whatever it is: what an agent without a rule of his own has.

return function(load)
  return load.total == 0
end
