# Seeded faults: each is one replacement in one source of the engine. The build makes the broken copy, compiles it and
# links it before the same libraries, so that its definitions win. No hook in the engine, nothing to switch off.
# A text that is no longer there, or there twice, fails the build and says which.
set(fault_steps 4000)
set(fault_seeds 60)

function(trunkline_fault name source)
  cmake_parse_arguments(PARSE_ARGV 2 FAULT "" "FIND;PUT" "")
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/faults)
  file(WRITE ${folder}/${name}.find.in "${FAULT_FIND}")
  file(WRITE ${folder}/${name}.put.in "${FAULT_PUT}")
  foreach(part find put)  # touched only where it changed
    execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${folder}/${name}.${part}.in ${folder}/${name}.${part})
  endforeach()
  set(broken ${folder}/${name}.cpp)
  set(script ${CMAKE_CURRENT_SOURCE_DIR}/faults/break_source.cmake)
  add_custom_command(OUTPUT ${broken} VERBATIM
    DEPENDS ${PROJECT_SOURCE_DIR}/${source} ${folder}/${name}.find ${folder}/${name}.put ${script}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DSOURCE=${PROJECT_SOURCE_DIR}/${source} -DFIND=${folder}/${name}.find
            -DPUT=${folder}/${name}.put -DOUTPUT=${broken} -P ${script})
  add_executable(fault_${name} ${broken})
  target_link_libraries(fault_${name} PRIVATE random_engine_main)
  target_compile_options(fault_${name} PRIVATE -w)  # what a fault leaves unused is no warning of ours
  target_precompile_headers(fault_${name} REUSE_FROM pch_engine)
  set_target_properties(fault_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${folder})
  add_test(NAME faults.${name} COMMAND fault_${name} caught ${fault_seeds} ${fault_steps} ${folder}/${name}.jsonl)
  set_tests_properties(faults.${name} PROPERTIES TIMEOUT 600 LABELS faults)
endfunction()

trunkline_fault(slot_counted_back_twice engine/agents/agents.cpp
  FIND [[        --in_hand->second.load.of(slot.media);]]
  PUT [[        in_hand->second.load.of(slot.media) -= 2;]])
trunkline_fault(slot_kept_after_no_answer engine/flows/ringing.cpp
  FIND [[    core.agents.give_back(offer.slot);]]
  PUT [[    if (state != CallState::no_answer) core.agents.give_back(offer.slot);]])
trunkline_fault(offer_without_deadline engine/flows/ringing.cpp
  FIND [[core.timers.schedule(core.now + from_seconds(ringing_seconds(core, ix, dn)), OfferDeadline{id})]]
  PUT [[TimerId{}]])
trunkline_fault(held_texts_swapped engine/flows/texts.cpp
  FIND [[    for (const HeldText& text : ix.held) {]]
  PUT [[    std::reverse(ix.held.begin(), ix.held.end());
    for (const HeldText& text : ix.held) {]])
trunkline_fault(held_text_lost engine/flows/texts.cpp
  FIND [[    if (!read) ix->held.push_back(]]
  PUT [[    if (!read && ix->held.size() < 2) ix->held.push_back(]])
trunkline_fault(wait_timer_left_running engine/flows/sessions.cpp
  FIND [[    core.timers.cancel(ix.wait_timer);]]
  PUT [[]])
trunkline_fault(ready_agent_not_matched engine/flows/agent_requests.cpp
  FIND [[    emit_agent_state(core, *seat, asked.client, asked.request.reference_id);
    refresh_agent(core, seat->agent);]]
  PUT [[    emit_agent_state(core, *seat, asked.client, asked.request.reference_id);]])
trunkline_fault(priorities_reversed engine/routing/router.cpp
  FIND [[    w.priority = priority;]]
  PUT [[    w.priority = -priority;]])
trunkline_fault(prefix_forgotten engine/flows/texts.cpp
  FIND [[(seat == nullptr ? std::string{} : seat->prefix) + text);]]
  PUT [[text);]])
trunkline_fault(offer_outlives_customer engine/flows/sessions.cpp
  FIND [[    if (ix.offer) withdraw_offer(core, ix, asked_at ? asked : ClientId{}, reference);]]
  PUT [[    if (ix.offer && how != End::customer_left) withdraw_offer(core, ix, asked_at ? asked : ClientId{}, reference);]])
trunkline_fault(queue_stay_left_open engine/flows/sessions.cpp
  FIND [[    if (ix.queue_row) {]]
  PUT [[    if (ix.queue_row && how != End::customer_left) {]])
trunkline_fault(parent_forgotten engine/interactions/interactions.cpp
  FIND [[    closed_.insert_or_assign(leg_key, Closed{id, until});]]
  PUT [[    (void)id;]])
trunkline_fault(capacity_ignored engine/flows/agent_work.cpp
  FIND [[: Ability::at_capacity;]]
  PUT [[: Ability::able;]])
trunkline_fault(event_to_a_stranger engine/agents/devices.cpp
  FIND [[    std::erase(at->second, id);]]
  PUT [[    if (at->second.size() == 1) std::erase(at->second, id);]])
trunkline_fault(text_answered_twice engine/flows/texts.cpp
  FIND [[    core.out->push_back(messages::AnswerText{text.txn, 200});]]
  PUT [[    core.out->push_back(messages::AnswerText{text.txn, 200});
    if (text.text.ends_with('3')) core.out->push_back(messages::AnswerText{text.txn, 200});]])
trunkline_fault(wrap_up_never_over engine/flows/after_work.cpp
  FIND [[    seat.rest = core.timers.schedule(end, RestOver{seat.dn});]]
  PUT [[]])
trunkline_fault(longest_idle_ignored engine/routing/floor.cpp
  FIND [[    return standing.idle_since.time_since_epoch().count() +]]
  PUT [[    return]])
trunkline_fault(release_without_reference engine/flows/session_requests.cpp
  FIND [[End::agent_released, asked.client,]]
  PUT [[End::agent_released, ClientId{},]])
# Virtual queues, priorities, direct routing.
trunkline_fault(virtual_queue_stay_left_open engine/flows/virtual_queues.cpp
  FIND [[        close_row(core, stay, "abandoned");]]
  PUT [[]])
trunkline_fault(virtual_queue_not_queued_again engine/flows/virtual_queues.cpp
  FIND [[        if (std::exchange(stay.diverted, false)) emit(]]
  PUT [[        if (!std::exchange(stay.diverted, false)) emit(]])
trunkline_fault(rising_priority_stops engine/flows/priorities.cpp
  FIND [[    schedule_step(core, *ix);]]
  PUT [[]])
trunkline_fault(four_ring_at_a_dn engine/flows/direct_routing.cpp
  FIND [[core.offers.ringing_at(dn) < routing::most_ringing_at_a_dn && !core.dn_queues.first(dn)]]
  PUT [[!core.dn_queues.first(dn)]])
# Agents.
trunkline_fault(legal_guard_skipped engine/flows/after_work.cpp
  FIND [[    return seat.work_ended + from_seconds(guard);]]
  PUT [[    return {};]])
trunkline_fault(unreachable_not_restored engine/flows/reach.cpp
  FIND [[    stand_again(core, *seat, stood);]]
  PUT [[]])
trunkline_fault(unreachable_forgotten engine/flows/requests.cpp
  FIND [[        watch_reach(core, dn);]]
  PUT [[]])
trunkline_fault(reserved_agent_offered engine/flows/agent_work.cpp
  FIND [[    if (core.reservations.of(seat.agent) != nullptr) return Ability::reserved;]]
  PUT [[]])
trunkline_fault(reservation_outlives_its_client engine/flows/requests.cpp
  FIND [[        give_back_reservation(core, closed.client, dn);]]
  PUT [[]])
trunkline_fault(reservation_of_others_ignored engine/flows/client_routing.cpp
  FIND [[    if (reserved_from(core, dn->id, asker))]]
  PUT [[    if (false)]])
trunkline_fault(client_routes_a_strategys_session engine/flows/client_routing.cpp
  FIND [[    if (!routed_by_clients(ix)) return]]
  PUT [[    if (false) return]])
# Parties outside.
trunkline_fault(leg_never_ended engine/flows/party_legs.cpp
  FIND [[    core.out->push_back(messages::EndLeg{party.leg->address});]]
  PUT [[]])
trunkline_fault(party_asked_hears_it_twice engine/flows/texts.cpp
  FIND [[        else if (!opened_with(core, *agent, text.id))]]
  PUT [[        else]])
trunkline_fault(party_hears_nothing_more engine/flows/texts.cpp
  FIND [[    if (over_leg) send_over_leg(core, *agent, id, core.now, text.text);]]
  PUT [[]])
# Scripts and what is outside of them.
trunkline_fault(busy_treatment_not_cut_short engine/flows/busy_treatment.cpp
  FIND [[    core.scripts->close_on_wait(id);]]
  PUT [[]])
trunkline_fault(answer_to_the_wrong_strand engine/flows/outside.cpp
  FIND [[std::move(answer), owner.strand);]]
  PUT [[std::move(answer));]])
trunkline_fault(late_answer_heard engine/flows/outside.cpp
  FIND [[    core.outside.erase(std::exchange(ix.outside_of(strand), OutsideId{}));]]
  PUT [[    ix.outside_of(strand) = {};]])
trunkline_fault(event_of_another_session engine/flows/awaited_events.cpp
  FIND [[    const auto waits = core.awaited.find(event.call_uuid);]]
  PUT [[    const auto waits = core.awaited.begin();]])
trunkline_fault(session_of_another_tenant engine/flows/user_events.cpp
  FIND [[        if (ix == nullptr || ix->tenant != asked.sender.tenant)]]
  PUT [[        if (ix == nullptr)]])
# Statistics.
trunkline_fault(figures_not_asked_again engine/routing/floor.cpp
  FIND [[    if (!same_view(seat.standing, standing)) seat.figures.clear();]]
  PUT [[]])
trunkline_fault(skill_of_the_statistic_ignored engine/routing/floor_orders.cpp
  FIND [[                    rank = -level->second;]]
  PUT [[                    rank = level->second;]])
trunkline_fault(a_ninth_generation_kept engine/scripting/host.cpp
  FIND [[constexpr std::size_t most_generations = 8;]]
  PUT [[constexpr std::size_t most_generations = 12;]])
